"""The initial values of layers, drawn from the run's own generator."""

import math

import torch
from torch import nn


def reset_layer(layer: nn.Linear | nn.Conv2d, generator: torch.Generator | None) -> None:
    """Do what the layer's own `reset_parameters` does, in the same order, but draw from `generator`."""
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(layer.weight[0].numel())  # 1 / sqrt(fan_in)
    if layer.bias is not None:
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


def reset_layers(model: nn.Module, generator: torch.Generator | None) -> None:
    """Reset every layer with parameters, in the order in which the model made them."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            reset_layer(layer, generator)

"""The values that a layer starts from, drawn from a generator of the run's own."""

import math

import torch
from torch import nn


def reset_layer(layer: nn.Linear | nn.Conv2d, generator: torch.Generator | None) -> None:
    """Draw the values that the layer's own `reset_parameters` draws, in its order, but from `generator`."""
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(layer.weight[0].numel())  # so many numbers go into each one that comes out
    if layer.bias is not None:
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


def reset_layers(model: nn.Module, generator: torch.Generator | None) -> None:
    """The same for every layer of a model that has numbers to learn, in the order in which they were made."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            reset_layer(layer, generator)

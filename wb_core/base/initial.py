"""The initial values of layers, drawn from the run's own generator."""

import math
from typing import TypeVar

import torch
from torch import nn

Layers = TypeVar("Layers", bound=nn.Module)


def reset_layer(layer: nn.Linear | nn.Conv2d, generator: torch.Generator | None) -> None:
    """Do what the layer's own `reset_parameters` does, in the same order, but draw from `generator`."""
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(layer.weight[0].numel())  # 1 / sqrt(fan_in)
    if layer.bias is not None:
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


def filled(layers: Layers, generator: torch.Generator | None) -> Layers:
    """Move layers from "meta", where they were made without drawing from the global generator, to the CPU.

    Draws their initial values, in the order in which the layers were made. (`to_empty` would import sympy, which takes
    half a second.)
    """
    for layer in layers.modules():
        for name, param in list(layer.named_parameters(recurse=False)):
            setattr(layer, name, nn.Parameter(torch.empty(param.shape)))
        if isinstance(layer, nn.Linear | nn.Conv2d):
            reset_layer(layer, generator)
    return layers

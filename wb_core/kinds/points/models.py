"""The networks for points in the plane. They take inputs (N, features) and return logits (N,) or (N, classes).

The layers have the names of a widely used PyTorch course, so that its checkpoints fit.
"""

import itertools

import torch
from torch import nn

from ...base.initial import filled
from .config import PointsConfig

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
"""From the id in a config to the module; "none" has none."""


class Dropout(nn.Module):
    """`nn.Dropout` with a generator of its own, which gives the same numbers as the global one with the same seed."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.generator: torch.Generator | None = None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        kept = torch.empty_like(x, dtype=torch.bool).bernoulli_(1 - self.p, generator=self.generator)
        return x * kept * (1 / (1 - self.p))


class TwoClasses(nn.Module):
    """`layer_1`, `layer_2`, ... with the activation and the dropout in between: (N, features) -> (N,)."""

    def __init__(self, config: PointsConfig, generator: torch.Generator | None = None) -> None:
        super().__init__()
        with torch.device("meta"):  # otherwise the layers would draw from the global generator
            layers = [nn.Linear(before, after) for before, after in itertools.pairwise(config.sizes)]
        for number, layer in enumerate(layers, start=1):
            self.add_module(f"layer_{number}", filled(layer, generator))
        self.layers = layers
        self.between = nn.Sequential(*_between(config))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers[:-1]:
            x = self.between(layer(x))  # (N, units)
        logits: torch.Tensor = self.layers[-1](x)  # (N, 1)
        return logits.squeeze(dim=1)


class SeveralClasses(nn.Module):
    """The same as one stack, `linear_layer_stack`: (N, features) -> (N, classes)."""

    def __init__(self, config: PointsConfig, generator: torch.Generator | None = None) -> None:
        super().__init__()
        stack: list[nn.Module] = []
        with torch.device("meta"):
            for place, (before, after) in enumerate(itertools.pairwise(config.sizes)):
                stack += [*(_between(config) if place else []), nn.Linear(before, after)]
        self.linear_layer_stack = filled(nn.Sequential(*stack), generator)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.linear_layer_stack(x)
        return logits


def _between(config: PointsConfig) -> list[nn.Module]:
    """What is between two layers."""
    activation = [ACTIVATIONS[config.activation]()] if config.activation in ACTIVATIONS else []
    return activation + ([Dropout(config.dropout)] if config.dropout else [])


def build_model(config: PointsConfig, generator: torch.Generator | None = None) -> nn.Module:
    """The untrained network of a config, with initial values from `generator`."""
    return (TwoClasses if config.outputs == 1 else SeveralClasses)(config, generator)

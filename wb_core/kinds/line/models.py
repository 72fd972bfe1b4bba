"""The two linear models. Both are the line y = weight * x + bias, with two parameters."""

from collections.abc import Callable

import torch
from torch import nn

from ...base.initial import filled


class LinearRegressionModel(nn.Module):
    """The line written by hand: `weights` and `bias` are two `nn.Parameter`s of shape (1,), drawn from randn."""

    def __init__(self, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.randn(1, generator=generator))
        self.bias = nn.Parameter(torch.randn(1, generator=generator))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.weights * x + self.bias  # (N, 1)


class LinearRegressionModelV2(nn.Module):
    """The same line as a ready-made layer: `linear_layer` is an `nn.Linear(1, 1)` with PyTorch's own initial values."""

    def __init__(self, generator: torch.Generator | None = None) -> None:
        super().__init__()
        with torch.device("meta"):  # otherwise the layer would draw from the global generator
            layer = nn.Linear(1, 1)
        self.linear_layer = filled(layer, generator)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.linear_layer(x)  # (N, 1)
        return y


MODELS: dict[str, Callable[[torch.Generator], nn.Module]] = {
    "parameter": LinearRegressionModel,
    "linear": LinearRegressionModelV2,
}
"""From the id in a config to the class that builds the model."""

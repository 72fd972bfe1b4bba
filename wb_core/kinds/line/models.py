"""The two linear models. Both are the line y = weight * x + bias, with two parameters."""

from collections.abc import Callable

import torch
from torch import nn

from ...base.initial import reset_layer


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
        # nn.Linear(1, 1) would draw from the global generator, which the whole process shares.
        self.linear_layer: nn.Linear = nn.utils.skip_init(nn.Linear, 1, 1)  # type: ignore[no-untyped-call]
        reset_layer(self.linear_layer, generator)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.linear_layer(x)  # (N, 1)
        return y


MODELS: dict[str, Callable[[torch.Generator], nn.Module]] = {
    "parameter": LinearRegressionModel,
    "linear": LinearRegressionModelV2,
}
"""From the id in a config to the class that builds the model."""

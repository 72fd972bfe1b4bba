"""The loss as a surface over weight and bias."""

from dataclasses import dataclass

import torch

from ...base.losses import LOSSES
from .data import LineData


@dataclass(frozen=True)
class Surface:
    """`losses[i, j]` is the train loss of the line with `biases[i]` and `weights[j]`: shapes (B, W), (B,) and (W,)."""

    weights: torch.Tensor
    biases: torch.Tensor
    losses: torch.Tensor


BLOCK = 1_000
"""Losses are computed for this many points at once."""


def loss_surface(
    data: LineData, loss: str, weights: tuple[float, float], biases: tuple[float, float], size: int = 33
) -> Surface:
    """The train loss of `size` x `size` lines with weight and bias in the given ranges, on the CPU."""
    X, y = data.X_train.cpu().T, data.y_train.cpu().T  # (1, N)
    loss_fn = LOSSES[loss](reduction="none")
    columns = torch.linspace(*weights, size)  # (W,)
    rows = torch.linspace(*biases, size)  # (B,)
    losses = torch.zeros(size, size)  # (B, W)
    with torch.inference_mode():
        # One row and some points at a time, which fit into the processor's cache.
        for some, their_y in zip(torch.split(X, BLOCK, dim=1), torch.split(y, BLOCK, dim=1), strict=True):
            slopes = columns.unsqueeze(1) * some  # (W, n)
            each = (loss_fn(slopes + bias, their_y.expand_as(slopes)).mean(dim=1) for bias in rows)
            losses += torch.stack([*each]) * (some.shape[1] / X.shape[1])
    return Surface(columns, rows, losses)

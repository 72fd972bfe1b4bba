"""The data of a linear run: points on a straight line, split into a training and a test part."""

from dataclasses import dataclass

import torch

from ...base.seeding import generator
from .config import LinearConfig


@dataclass(frozen=True)
class LineData:
    """Points of a line, each tensor of shape (N, 1) and dtype float32; train and test have different N."""

    X_train: torch.Tensor
    y_train: torch.Tensor
    X_test: torch.Tensor
    y_test: torch.Tensor


def line_data(config: LinearConfig, device: torch.device) -> LineData:
    """Make y = weight * X + bias on X = arange(start, end, step), with seeded Gaussian noise, split in order."""
    X = torch.arange(config.start, config.end, config.step).unsqueeze(dim=1)  # (N, 1)
    y = config.weight * X + config.bias
    if config.noise:
        y = y + config.noise * torch.randn(y.shape, generator=generator(config.seed))
    X, y = X.to(device), y.to(device)
    split = config.train_points
    return LineData(X[:split], y[:split], X[split:], y[split:])

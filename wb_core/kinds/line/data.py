"""The data of a linear run: points on a straight line or a visitor's own, split into a training and a test part."""

import dataclasses

import numpy as np
import torch

from ...base.points import PointList
from ...base.seeding import generator
from ...base.split import Scale, SplitPoints
from .config import LinearConfig

CPU = torch.device("cpu")


class LineData(SplitPoints):
    """The points of a line: `X_train`, `y_train`, `X_test` and `y_test`, each of shape (N, 1) and dtype float32.

    With `standardise` they are scaled as the model gets them, and `scale` turns its lines into the units of the points.
    """


def line_data(config: LinearConfig, device: torch.device) -> LineData:
    """The config's own points, or else y = weight * X + bias on X = arange(start, end, step) with Gaussian noise."""
    X, y = _own_points(config) if config.points else _drawn_points(config)  # (N, 1)
    return LineData.of(X, y, config.train_fraction, config.split_seed, config.standardise).to(device)


def own_data(config: LinearConfig) -> LineData:
    """The points of a config on the CPU in their own units, whether or not the model learns on scaled ones."""
    return line_data(dataclasses.replace(config, standardise=False), CPU)


def scale_of(config: LinearConfig) -> Scale:
    """The scale of the points that the model of a config learns on."""
    return line_data(config, CPU).scale if config.standardise else Scale()


def points_of(config: LinearConfig) -> PointList:
    """The points of a config as points of one's own. A config with them has the same bits as that of the line."""
    if config.points:
        return PointList(config.points)
    X, y = (column.flatten().tolist() for column in _drawn_points(config))
    return PointList((_shortest(x), _shortest(value)) for x, value in zip(X, y, strict=True))


def _shortest(value: float) -> float:
    """The number with the fewest digits that is the same in 32 bits."""
    return float(str(np.float32(value)))


def _own_points(config: LinearConfig) -> tuple[torch.Tensor, ...]:
    points = torch.tensor(config.points, dtype=torch.float64)  # (N, 2)
    return points[:, :1], points[:, 1:]


def _drawn_points(config: LinearConfig) -> tuple[torch.Tensor, ...]:
    X = torch.arange(config.start, config.end, config.step).unsqueeze(dim=1)
    y = config.weight * X + config.bias
    if config.noise:
        y = y + config.noise * torch.randn(y.shape, generator=generator(config.seed))
    return X, y

"""Points in the plane with their classes: patterns of scikit-learn, our own two, or a visitor's points."""

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from ...base.seeding import generator
from ...base.split import training_mask
from .config import PointsConfig, test_points
from .layers import features

TURNS = 1.5
"""Each arm of the spirals turns this often around the middle."""


@dataclass(frozen=True)
class PointsData:
    """Points as the network gets them, split into a training and a test part of different N.

    `points_train` (N, 2) are the coordinates, `X_train` (N, features) the inputs of the network, and `y_train` (N,) the
    classes: 0.0 and 1.0 for two of them, which is what `nn.BCEWithLogitsLoss` takes, else int64. The same for the test.
    """

    points_train: torch.Tensor
    X_train: torch.Tensor
    y_train: torch.Tensor
    points_test: torch.Tensor
    X_test: torch.Tensor
    y_test: torch.Tensor

    def to(self, device: torch.device) -> "PointsData":
        """The points on a device."""
        return PointsData(*(getattr(self, field.name).to(device) for field in dataclasses.fields(self)))


def points_data(config: PointsConfig) -> PointsData:
    """The points of a config on the CPU; those of a pattern are made once for all configs. Don't change them."""
    # A cache would keep a visitor's own points when the visit has ended.
    split = _split.__wrapped__ if config.own else _split
    points_train, y_train, points_test, y_test = split(*_split_key(config))
    return PointsData(
        points_train,
        features(points_train, config.features),
        y_train,
        points_test,
        features(points_test, config.features),
        y_test,
    )


def data_key(config: PointsConfig) -> tuple[Any, ...]:
    """The settings on which the points of a config and their features depend."""
    return *_split_key(config), config.features


def _split_key(config: PointsConfig) -> tuple[Any, ...]:
    noise, classes = (0.0, 2) if config.own else (config.noise, config.n_classes)
    return config.data, config.own, config.size, noise, classes, config.train_fraction, config.seed


@lru_cache(maxsize=32)
def _split(
    data: str,
    own: tuple[tuple[float, float, int], ...],
    count: int,
    noise: float,
    classes: int,
    fraction: float,
    seed: int,
) -> tuple[torch.Tensor, ...]:
    if own:
        points, y = (
            torch.tensor([spot[:2] for spot in own], dtype=torch.float64),
            torch.tensor([spot[2] for spot in own]),
        )
        classes = int(y.max()) + 1
        mask = training_mask(count, fraction, seed)
        parts = [points[mask], y[mask], points[~mask], y[~mask]]
    else:
        X, labels = _PATTERNS[data](count, noise, classes, seed)
        from sklearn.model_selection import train_test_split  # a second that a line doesn't need

        sides = train_test_split(X, labels, test_size=test_points(count, fraction), random_state=seed)
        X_train, X_test, y_train, y_test = sides
        parts = list(map(torch.from_numpy, (X_train, y_train, X_test, y_test)))
    points_train, y_train, points_test, y_test = parts
    kind = torch.float32 if classes == 2 else torch.int64
    return points_train.float(), y_train.to(kind), points_test.float(), y_test.to(kind)


def _circles(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_circles

    return make_circles(count, noise=noise, random_state=seed)  # type: ignore[no-any-return]


def _moons(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_moons

    return make_moons(count, noise=noise, random_state=seed)  # type: ignore[no-any-return]


def _blobs(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_blobs

    return make_blobs(count, n_features=2, centers=classes, cluster_std=noise, random_state=seed)  # type: ignore[no-any-return]


def _xor(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of a square, whose class says whether their coordinates have different signs."""
    random = generator(seed)
    X = 2 * torch.rand(count, 2, generator=random) - 1
    y = (X[:, 0] * X[:, 1] < 0).long()
    return (X + noise * torch.randn(count, 2, generator=random)).numpy(), y.numpy()


def _spirals(count: int, noise: float, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two arms around the middle, the points of class 0 first."""
    random = generator(seed)
    y = (torch.arange(count) >= count // 2).long()
    along = torch.cat([torch.linspace(0.05, 1, count // 2), torch.linspace(0.05, 1, count - count // 2)])
    angle = 2 * math.pi * TURNS * along + math.pi * y
    X = torch.stack([along * torch.cos(angle), along * torch.sin(angle)], dim=1)
    return (X + noise * torch.randn(count, 2, generator=random)).numpy(), y.numpy()


_PATTERNS = {"circles": _circles, "moons": _moons, "blobs": _blobs, "xor": _xor, "spirals": _spirals}

"""What happens to the points of any data set before training: the split, and the scale."""

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
import torch

from .seeding import generator

Numbers = TypeVar("Numbers", float, np.ndarray, torch.Tensor)

BLOCK = 20
"""Points are shuffled in blocks of this many, so that a new point changes no other's side."""


def train_points(count: int, fraction: float, seed: int | None) -> int:
    """How many of `count` points are for training, at least one on either side; see `training_mask` for the seed."""
    if seed is not None:
        return int(training_mask(count, fraction, seed).sum())
    return min(max(1, int(fraction * count)), count - 1)


@lru_cache(maxsize=64)
def training_mask(count: int, fraction: float, seed: int) -> torch.Tensor:
    """Which of `count` points are for training, chosen at random by the seed: (count,) bool.

    The side of a point depends on its place alone, not on what the points are or how many follow.
    """
    order = torch.rand(count // BLOCK + 1, BLOCK, generator=generator(seed)).argsort(dim=1).flatten()[:count]
    mask = order + 0.5 < fraction * BLOCK
    if mask.all():
        mask[-1] = False
    if not mask.any():
        mask[0] = True
    return mask


@dataclass(frozen=True)
class Scale:
    """The scale of a model's X and y: each minus its mean, divided by its standard deviation.

    The default is that of points as they are.
    """

    x_mean: float = 0.0
    x_std: float = 1.0
    y_mean: float = 0.0
    y_std: float = 1.0

    @classmethod
    def of(cls, X_train: torch.Tensor, y_train: torch.Tensor) -> "Scale":
        """The scale with which the training points, (N, 1) float64 each, have mean 0 and standard deviation 1."""
        return cls(*_mean_and_std(X_train), *_mean_and_std(y_train))

    def x(self, X: torch.Tensor) -> torch.Tensor:
        """X as the model gets it, in 64 bits."""
        return (X.double() - self.x_mean) / self.x_std

    def y(self, y: torch.Tensor) -> torch.Tensor:
        """Y as the model gets it, in 64 bits."""
        return (y.double() - self.y_mean) / self.y_std

    def own_line(self, weight: Numbers, bias: Numbers) -> tuple[Numbers, Numbers]:
        """A line of the model, or many, in the units of the points."""
        steep = weight * (self.y_std / self.x_std)
        return steep, bias * self.y_std + self.y_mean - steep * self.x_mean

    def model_line(self, weight: Numbers, bias: Numbers) -> tuple[Numbers, Numbers]:
        """A line in the units of the points, or many, as the model has it."""
        return weight * (self.x_std / self.y_std), (bias - self.y_mean + weight * self.x_mean) / self.y_std


AS_IT_IS = Scale()


def _mean_and_std(values: torch.Tensor) -> tuple[float, float]:
    """Mean and standard deviation, which is 1 if all values are the same."""
    same = bool((values == values[0]).all())
    return values.mean().item(), 1.0 if same else values.std(unbiased=False).item()


Self = TypeVar("Self", bound="SplitPoints")


@dataclass(frozen=True)
class SplitPoints:
    """Points as a model gets them, each tensor (N, 1) float32; train and test have different N. `scale` is theirs.

    `exact` has X and y of the training points in 64 bits, if they are known more exactly than the tensors are.
    """

    X_train: torch.Tensor
    y_train: torch.Tensor
    X_test: torch.Tensor
    y_test: torch.Tensor
    scale: Scale = AS_IT_IS
    exact: tuple[torch.Tensor, torch.Tensor] | None = None

    @classmethod
    def of(
        cls: type[Self], X: torch.Tensor, y: torch.Tensor, fraction: float, seed: int | None, standardise: bool
    ) -> Self:
        """Split points (N, 1) of any float type, in order or shuffled by the seed, and scale them if asked for."""
        if seed is None:
            split = train_points(len(X), fraction, None)
            parts = X[:split], y[:split], X[split:], y[split:]
        else:
            mask = training_mask(len(X), fraction, seed)
            parts = X[mask], y[mask], X[~mask], y[~mask]
        scale = AS_IT_IS
        if standardise:
            X_train, y_train, X_test, y_test = (part.double() for part in parts)
            scale = Scale.of(X_train, y_train)
            parts = scale.x(X_train), scale.y(y_train), scale.x(X_test), scale.y(y_test)
        exact = (parts[0], parts[1]) if X.dtype == torch.float64 else None
        X_train, y_train, X_test, y_test = (part.float() for part in parts)
        return cls(X_train, y_train, X_test, y_test, scale, exact)

    def to(self: Self, device: torch.device) -> Self:
        """The points on a device."""
        names = ("X_train", "y_train", "X_test", "y_test")
        return dataclasses.replace(self, **{name: getattr(self, name).to(device) for name in names})

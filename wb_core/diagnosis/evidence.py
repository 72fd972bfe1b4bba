"""A history as the doctor looks at it: how far each epoch was from the best line, and how the losses went."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from ..config import LinearConfig
from .limits import Limits

FEW = 100
"""A run of fewer epochs is judged as one of so many: its learning rate is not to blame for that."""


class Columns(Protocol):
    """What the doctor needs of a history: its columns by name, each with one number per epoch."""

    def column(self, name: str) -> Sequence[float]: ...


@dataclass(frozen=True)
class Record:
    """n recorded epochs. `losses` has n + 1 train losses: before each epoch, and of the last line.

    `lines` and `gradients` have shape (n, 2), weight and bias: after each epoch, and from before its step.
    """

    config: LinearConfig
    limits: Limits
    losses: np.ndarray
    test_losses: np.ndarray
    lines: np.ndarray
    gradients: np.ndarray

    @classmethod
    def read(cls, history: Columns, config: LinearConfig, limits: Limits) -> "Record":
        """Take what is needed out of a history of one epoch or more."""
        train, test, weight, bias, weight_grad, bias_grad = (
            np.asarray(history.column(name), dtype=float)
            for name in ("train_loss", "test_loss", "weight", "bias", "weight_grad", "bias_grad")
        )
        last = limits.loss_at(float(weight[-1]), float(bias[-1]))
        return cls(
            config,
            limits,
            np.append(train, min(last, np.finfo(float).max)),
            test,
            np.stack([weight, bias], axis=1),
            np.stack([weight_grad, bias_grad], axis=1),
        )

    @property
    def epochs(self) -> int:
        """How many epochs are recorded."""
        return len(self.lines)

    @cached_property
    def excess(self) -> np.ndarray:
        """How much each of `losses` is above the least possible; below it by rounding alone."""
        return self.losses - self.limits.best.loss

    @cached_property
    def tail(self) -> int:
        """How many steps the second half of the run has."""
        return max(1, self.epochs // 2)

    @cached_property
    def swings(self) -> bool:
        """Whether, in the second half, the loss rises in more than one step in ten, or more than three steps in ten go
        against the one before.
        """
        losses = self.losses[-self.tail - 1 :]
        rises = np.diff(losses) > 1e-6 * losses[1:]  # smaller ones come from rounding
        gradients = self.gradients[-self.tail - 1 :]
        gradients = gradients / np.maximum(np.abs(gradients).max(axis=1, keepdims=True), 1e-300)  # squares stay finite
        against = (gradients[1:] * gradients[:-1]).sum(axis=1) < 0
        return bool(rises.mean() > 0.1 or (len(against) and against.mean() > 0.3))

    @property
    def gained(self) -> bool:
        """Whether more than a tenth of the first excess is gone."""
        return bool(self.excess[-1] < 0.9 * self.excess[0])

    @cached_property
    def sinks(self) -> bool:
        """Whether swinging losses still get lower: the last stretch by a twentieth than every stretch before it.

        A stretch is an eighth of the run, or what the last two swings took if that is longer. None before the last may
        have been as good as the best, and the second half of the run must be lower than the first by an eighth.
        """
        n = self.epochs
        ups = np.sign(np.diff(self.excess))
        turns = np.flatnonzero(ups[1:] * ups[:-1] < 0) + 1
        swings = n - int(turns[-4]) if len(turns) >= 4 else n if len(turns) else 0
        half = (n + 1) // 2
        stretch = min(max((n + 1) // 8, swings, 2), half)
        last, *before = (self.level(stretch, i * stretch) for i in range((n + 1) // stretch))
        lower = self.limits.tolerance < min(before) and last < 0.95 * min(before)
        return lower and self.level(half, 0) < 0.87 * self.level(half, half)

    def level(self, length: int, before: int) -> float:
        """The mean excess of so many records, which end so many before the end."""
        end = len(self.excess) - before
        part = self.excess[end - length : end]
        return float((part / len(part)).sum())  # a sum of the largest floats would not be one

    @cached_property
    def step(self) -> tuple[int, float, float]:
        """Which number moves most in the last steps (0 the weight, 1 the bias), how far each time, and its gradient."""
        last = slice(-min(self.tail, 16) - 1, None)
        gradients = np.abs(self.gradients[last]).mean(axis=0)
        if self.epochs > 1:
            moves = np.abs(np.diff(self.lines[last], axis=0)).mean(axis=0)
        else:
            moves = self.config.lr * gradients
        which = int(moves.argmax())
        return which, float(moves[which]), float(gradients[which])

    @cached_property
    def band(self) -> tuple[int, float, float]:
        """Since when the losses stay between which two: those of the last eighth (4 at least), give or take 5 %."""
        high = self.losses[-max(4, len(self.losses) // 8) :].max()
        above = np.flatnonzero(self.losses > 1.05 * high)
        since = min(int(above[-1]) + 1 if len(above) else 0, self.epochs - 1)
        return since, float(self.losses[since:].min()), float(self.losses[since:].max())


def finite(**numbers: float) -> dict[str, float]:
    """Those numbers that are finite, as plain floats."""
    return {name: float(value) for name, value in numbers.items() if math.isfinite(value)}

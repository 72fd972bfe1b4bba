"""A history as the doctor looks at it: how far each epoch was from the best line, and how the losses went."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from ..config import LinearConfig
from .evidence_base import EvidenceBase
from .limits import Limits
from .training_curves import TrainingCurves


class Columns(Protocol):
    """What the doctor needs of a history: its columns by name, each with one number per epoch."""

    def column(self, name: str) -> Sequence[float]: ...


@dataclass(frozen=True)
class TrainingCurve:
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
    def read(cls, history: Columns, config: LinearConfig, limits: Limits) -> "TrainingCurve":
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

    @cached_property
    def as_batch(self) -> TrainingCurves:
        """The same as a batch of one, as the rules want it."""
        return TrainingCurves(
            self.config.optimizer,
            lr=np.array([self.config.lr]),
            momentum=np.array([self.config.momentum]),
            exceeded=np.array([self.limits.exceeded(self.config)]),
            base=EvidenceBase.of([self.limits]),
            losses=self.losses[None],
            lines=self.lines[None],
            gradients=self.gradients[None],
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

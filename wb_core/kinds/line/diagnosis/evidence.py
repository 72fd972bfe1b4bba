"""A history as the rules need it: each epoch's distance from the best line, and the course of the losses."""

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
    """The part of a history that a diagnosis needs: columns by name, with one number per epoch."""

    def column(self, name: str) -> Sequence[float]: ...


@dataclass(frozen=True)
class TrainingCurve:
    """n recorded epochs. `losses` has n + 1 train losses: before each epoch, and of the last line.

    `lines` (n, 2) has weight and bias after each epoch, `gradients` (n, 2) those before its step.
    """

    config: LinearConfig
    limits: Limits
    losses: np.ndarray
    test_losses: np.ndarray
    lines: np.ndarray
    gradients: np.ndarray

    @classmethod
    def read(cls, history: Columns, config: LinearConfig, limits: Limits) -> "TrainingCurve":
        """Take the columns from a history of one epoch or more."""
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
        """The same as a batch of one, which the rules take."""
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
        """How much each of `losses` is above the least possible; negative only through rounding."""
        return self.losses - self.limits.best.loss

    @cached_property
    def tail(self) -> int:
        """The number of steps in the second half of the run."""
        return max(1, self.epochs // 2)

    @cached_property
    def step(self) -> tuple[int, float, float]:
        """Which parameter moves most in the last steps (0: weight, 1: bias), how far per step, and its gradient."""
        gradients = np.abs(self.gradients[-min(self.tail, 16) :]).mean(axis=0)
        if self.epochs > 1:
            moves = np.abs(np.diff(self.lines[-min(self.tail, 16) - 1 :], axis=0)).mean(axis=0)
        else:
            moves = self.config.lr * gradients
        which = int(moves.argmax())
        return which, float(moves[which]), float(gradients[which])

    @cached_property
    def band(self) -> tuple[int, float, float]:
        """The range of the last eighth of the losses (at least 4), and since when all losses are within 5 % of it.

        A calm stretch, in which the loss is as good as the best, does not count as bouncing, nor does one in which it
        still falls all the time.
        """
        high = self.losses[-max(4, len(self.losses) // 8) :].max()
        above = np.flatnonzero(self.losses > 1.05 * high)
        since = max(int(above[-1]) + 1 if len(above) else 0, *(left for _arrived, left in self.calm), 0)
        rises = np.flatnonzero(np.diff(self.losses[since:]) >= 0)
        fall = int(rises[0]) if len(rises) else 0
        since = min(since + (fall if fall > 2 else 0), self.epochs - 1)  # a bounce may well begin with a step down
        return since, float(self.losses[since:].min()), float(self.losses[since:].max())

    @cached_property
    def calm(self) -> list[tuple[int, int]]:
        """The long stretches with losses as good as the best that ended: from the first epoch to the one after."""
        above = np.flatnonzero(self.excess > self.limits.tolerance)
        long = np.flatnonzero(np.diff(above) > max(CALM, self.epochs // 20))
        return [(int(above[at]) + 1, int(above[at + 1])) for at in long]

    @cached_property
    def looks_best(self) -> bool:
        """Whether the last lines cannot be told from the best one on the chart."""
        return bool(self.as_batch.look_best[0])


CALM = 20
"""A loss that is as good as the best for more epochs than this, and for a twentieth of the run, has been calm."""


def finite(**numbers: float) -> dict[str, float]:
    """The finite numbers, as plain floats."""
    return {name: float(value) for name, value in numbers.items() if math.isfinite(value)}

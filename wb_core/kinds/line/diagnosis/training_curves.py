"""The histories of many runs, and the facts that the rules need, an independent row for each run.

A single run is a batch of one.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..config import LinearConfig
from .evidence_base import EvidenceBase
from .limits import Limits


@dataclass(frozen=True)
class TrainingCurves:
    """R runs of n recorded epochs, with the same loss, optimizer and X, either all or none of them with momentum.

    `lr` and `momentum` are (R,); `exceeded` (R,) says whether `lr` is above its limit. `losses` (R, n + 1), `lines` and
    `gradients` (R, n, 2) are those of `TrainingCurve`.
    """

    optimizer: str
    lr: np.ndarray
    momentum: np.ndarray
    exceeded: np.ndarray
    base: EvidenceBase
    losses: np.ndarray
    lines: np.ndarray
    gradients: np.ndarray

    @classmethod
    def of(
        cls,
        configs: Sequence[LinearConfig],
        limits: Sequence[Limits],
        *,
        train: np.ndarray,
        lines: np.ndarray,
        gradients: np.ndarray,
    ) -> "TrainingCurves":
        """Combine train losses (R, n), to which the loss of the last line is added, lines and gradients."""
        base = EvidenceBase.of(limits)
        last = np.minimum(base.losses_at(lines[:, -1:]), np.finfo(float).max)
        return cls(
            configs[0].optimizer,
            lr=np.array([config.lr for config in configs]),
            momentum=np.array([config.momentum for config in configs]),
            exceeded=np.array([one.exceeded(config) for one, config in zip(limits, configs, strict=True)]),
            base=base,
            losses=np.append(train, last, axis=1),
            lines=lines,
            gradients=gradients,
        )

    def select(self, rows: np.ndarray) -> "TrainingCurves":
        """Select the runs at these indices."""
        names = ("lr", "momentum", "exceeded", "losses", "lines", "gradients")
        own = {name: getattr(self, name)[rows] for name in names}
        return dataclasses.replace(self, base=self.base.select(rows), **own)

    def __len__(self) -> int:
        return len(self.lr)

    @property
    def epochs(self) -> int:
        """How many epochs are recorded."""
        return int(self.lines.shape[1])

    @property
    def sgd_on_mse(self) -> bool:
        """Whether a formula gives every future epoch."""
        return self.optimizer == "sgd" and self.base.loss == "mse"

    @cached_property
    def look_best(self) -> np.ndarray:
        """Whose last lines (an eighth, at least 4) cannot be told from the best one on the chart: (R,)."""
        last = self.lines[:, -max(4, self.epochs // 8) :]
        return np.asarray(self.base.look_best(last).all(axis=1))

    @cached_property
    def excess(self) -> np.ndarray:
        """How much each of `losses` is above the least possible; negative only through rounding."""
        excess: np.ndarray = self.losses - self.base.least[:, None]
        return excess

    @cached_property
    def oscillates(self) -> np.ndarray:
        """Whether, in the second half, the loss rises in more than one step in ten, or more than three gradients in ten
        point against the one before: (R,). What rounding does to the predictions does not count.
        """
        tail = max(1, self.epochs // 2)
        losses, noise = self.losses[:, -tail - 1 :], self._rounding
        curved = {"l1": 0.0, "mse": 2.0, "huber": 1.0}[self.base.loss]
        with np.errstate(over="ignore"):
            tilt = np.minimum(np.sqrt(2 * curved * losses[:, 1:]) + curved * noise, 1.0 if curved < 2 else np.inf)
        rises = np.diff(losses) > 1e-6 * losses[:, 1:] + (tilt if curved else 1.0) * noise
        weight, bias = self.gradients[:, -tail - 1 :, 0], self.gradients[:, -tail - 1 :, 1]
        size = np.maximum(np.maximum(np.abs(weight), np.abs(bias)), 1e-300)
        weight, bias = weight / size, bias / size  # keeps the squares finite
        against = weight[:, 1:] * weight[:, :-1] + bias[:, 1:] * bias[:, :-1] < 0
        large = size > curved * noise * max(1.0, float(np.abs(self.base.X).max()))
        against &= large[:, 1:] & large[:, :-1]
        swings: np.ndarray = (_share(rises) > 0.1) | (_share(against) > 0.3)
        return swings

    @property
    def _rounding(self) -> np.ndarray:
        """The error of a prediction in 32 bits, roughly: (R, 1)."""
        weight, bias = np.abs(self.lines[:, -1:, :]).max(axis=1).T
        largest = weight * np.abs(self.base.X).max() + bias + np.abs(self.base.y).max(axis=1)
        error: np.ndarray = np.finfo(np.float32).eps * largest[:, None]
        return error

    @property
    def returns(self) -> np.ndarray:
        """Whether a run of Adam has not swung more than once, and is on its way back to the best line: (R,).

        Its first steps all have the length of the learning rate, so it often runs past the best line at first.
        """
        if self.optimizer != "adam":
            return np.zeros(len(self), dtype=bool)
        slopes = np.sign(np.diff(self.excess))
        turns = np.count_nonzero(slopes[:, 1:] * slopes[:, :-1] < 0, axis=1)
        back: np.ndarray = (turns <= 3) & (slopes[:, -1] < 0) & (self.excess[:, -1] < 0.9 * self.excess.max(axis=1))
        return back

    @property
    def gained(self) -> np.ndarray:
        """Whether the run has lost more than a tenth of its first excess: (R,)."""
        gained: np.ndarray = self.excess[:, -1] < 0.9 * self.excess[:, 0]
        return gained

    @cached_property
    def sinks(self) -> np.ndarray:
        """Whether oscillating losses still sink: the last stretch is lower than all others by a twentieth: (R,).

        A stretch is an eighth of the run, or the last two swings if they took longer. No earlier stretch may have been
        as good as the best, and the second half of the run must be lower than the first by an eighth.
        """
        n = self.epochs
        ups = np.sign(np.diff(self.excess))
        turns = np.zeros((len(self), n), dtype=bool)
        turns[:, 1:] = ups[:, 1:] * ups[:, :-1] < 0
        seen = turns[:, ::-1].cumsum(axis=1)  # the number of turns, counted from the end
        swings = np.where(seen[:, -1] >= 4, (seen >= 4).argmax(axis=1) + 1, np.where(seen[:, -1], n, 0))
        half = (n + 1) // 2
        stretches = np.minimum(np.maximum(max((n + 1) // 8, 2), swings), half)
        sinks = self.level(half, 0) < 0.87 * self.level(half, half)
        for stretch in np.unique(stretches[sinks]):
            rows = np.flatnonzero(sinks & (stretches == stretch))
            last, *before = (self.level(stretch, i * stretch, rows) for i in range((n + 1) // stretch))
            least = np.min(before, axis=0)
            sinks[rows] = (self.base.tolerance[rows] < least) & (last < 0.95 * least)
        return sinks

    def level(self, length: int, before: int, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """The mean excess of `length` losses that end `before` losses before the end: (R,), or for some rows."""
        end = self.epochs + 1 - before
        level: np.ndarray = (self.excess[rows, end - length : end] / length).sum(axis=1)
        return level  # divided before the sum, which could overflow otherwise


def _share(holds: np.ndarray) -> np.ndarray:
    """The share of True in each row, from 0 to 1; 0 for empty rows."""
    share: np.ndarray = np.count_nonzero(holds, axis=1) / max(holds.shape[1], 1)
    return share

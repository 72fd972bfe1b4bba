"""A sweep as its pictures need it: what is shown of each run, along one axis or two."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

NO_GOOD_END = ("exploding", "failed", "cancelled", "running", "queued", "")
"""What became of runs that cannot be the best one."""


@dataclass(frozen=True)
class Axis:
    """A setting that was varied: its `label`, its `values`, and those as they are written; `log`: in equal ratios."""

    name: str
    label: str
    values: tuple[Any, ...]
    words: tuple[str, ...]
    log: bool = False

    def __len__(self) -> int:
        return len(self.values)

    @property
    def is_choice(self) -> bool:
        """Whether the values are no numbers."""
        return isinstance(self.values[0], str)


@dataclass(frozen=True)
class Measure:
    """What is shown of each run: a `column` of the table, and what that is called.

    A loss is shown by its powers of ten, and the least one is best; a percentage as it is, and the most is best.
    """

    column: str
    label: str
    percent: bool = False

    @property
    def title(self) -> str:
        """What an axis of such numbers says."""
        return f"{self.label} (%)" if self.percent else self.label

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """The numbers that are shown as colours."""
        return values if self.percent else np.log10(np.maximum(values, 1e-12))

    def ticks(self, low: float, high: float) -> dict[str, Any]:
        """Where an axis of the numbers that `scaled` gives has its ticks, and what they say; {} leaves it to Plotly."""
        if self.percent:
            return {}
        powers = list(range(math.ceil(low), math.floor(high) + 1))
        if len(powers) > 1:
            powers = powers[:: math.ceil(len(powers) / 6)]
            return {"tickvals": powers, "ticktext": [f"10<sup>{power}</sup>" for power in powers]}
        places = [low, (low + high) / 2, high]
        return {"tickvals": places, "ticktext": [f"{10**place:.2g}" for place in places]}

    def written(self, value: float) -> str:
        """A number of this kind as text."""
        if math.isnan(value):
            return "–"
        return f"{value:.2f} %" if self.percent else f"{value:.4g}"

    def best(self, values: np.ndarray) -> int | None:
        """The place of the best number, counted through all dimensions; None where there is no number."""
        if not np.isfinite(values).any():
            return None
        finite = np.where(np.isfinite(values), values, np.nan)
        return int(np.nanargmax(finite) if self.percent else np.nanargmin(finite))


@dataclass(frozen=True)
class Grid:
    """A sweep along its axes. All arrays have the shape (x, y), or (x, 1) for a single axis.

    `value` is that of the middle seed, of an even number the lower of the two in the middle, and `run` the number of
    that run; `low` and `high` are the range over the seeds, `label` is what became of most of them, where as many went
    another way of that run.
    """

    axes: tuple[Axis, ...]
    measure: Measure
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    label: np.ndarray
    run: np.ndarray

    @classmethod
    def empty(cls, axes: Sequence[Axis], measure: Measure) -> "Grid":
        """The grid of runs that are not trained yet."""
        shape = (*map(len, axes), *([1] if len(axes) == 1 else []))
        nothing = np.full(shape, np.nan)
        return cls(tuple(axes), measure, nothing, nothing, nothing, np.full(shape, "", object), np.zeros(shape, int))

    @property
    def comparable(self) -> bool:
        """Whether a smaller number is a better one everywhere: one of MSE is no smaller than one of L1, or larger."""
        return self.measure.percent or all(axis.name != "loss" for axis in self.axes)

    @property
    def best(self) -> tuple[int, int] | None:
        """Where the best one is, of those that came to a good end. None where losses of several kinds are."""
        if not self.comparable:
            return None
        place = self.measure.best(np.where(np.isin(self.label, NO_GOOD_END), np.nan, self.value))
        return None if place is None else (place // self.value.shape[1], place % self.value.shape[1])

    def place_of(self, run: int) -> tuple[int, int] | None:
        """The cell that a run opens from, if it does."""
        x, y = np.nonzero(self.run == run)
        return (int(x[0]), int(y[0])) if len(x) else None


def grid_of(frame: pd.DataFrame, axes: Sequence[Axis], seeds: int, measure: Measure, became: str) -> Grid:
    """Put the rows of a sweep's table, in their order, into a grid; the column `became` has what became of each run."""
    shape = (*map(len, axes), *([1] if len(axes) == 1 else []), seeds)
    value = frame[measure.column].to_numpy(dtype=float).reshape(shape)
    labels = frame[became].to_numpy(dtype=object).reshape(shape)
    runs = np.arange(len(frame)).reshape(shape)
    # Without a single seed that ended with a number, there is none: the warning of numpy says nothing new.
    gone = ~np.isfinite(value).any(axis=-1)
    safe = np.where(gone[..., None], 0.0, value)
    at = (np.isfinite(safe).sum(axis=-1, keepdims=True) - 1) // 2  # whatever is no number comes last
    middle = np.take_along_axis(np.sort(safe, axis=-1), at, axis=-1)[..., 0]
    which = np.nanargmin(np.abs(safe - middle[..., None]), axis=-1)
    middle, low, high = (np.where(gone, np.nan, part) for part in (middle, np.nanmin(safe, -1), np.nanmax(safe, -1)))
    run, its = (np.take_along_axis(part, which[..., None], axis=-1)[..., 0] for part in (runs, labels))
    return Grid(tuple(axes), measure, middle, low, high, _most(labels, its), run)


def _most(labels: np.ndarray, tied: np.ndarray) -> np.ndarray:
    """Of labels (..., seeds) those that most seeds have, in each place; of as many, the one that `tied` (...) has."""
    known = sorted(set(labels.flat))
    votes = np.stack([(labels == label).sum(axis=-1) + 0.5 * (tied == label) for label in known])
    found: np.ndarray = np.array(known, dtype=object)[votes.argmax(axis=0)]
    return found

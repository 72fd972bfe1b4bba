"""A sweep as its figures need it: a number and an outcome per cell, along one axis or two."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .layout import round_ticks

UNRANKED_OUTCOMES = ("exploding", "failed", "cancelled", "running", "queued", "")
"""Outcomes of runs that cannot be the best."""


def plain(value: float, digits: int) -> str:
    """A number with so many digits, and without an exponent unless it is extreme."""
    if 1e-6 <= abs(value) < 1e6:
        return np.format_float_positional(value, precision=digits, fractional=False, trim="-")
    return f"{value:.{digits}g}"


@dataclass(frozen=True)
class Axis:
    """A varied setting: its `label`, its `values` and their texts; `log`: in equal ratios."""

    name: str
    label: str
    values: tuple[Any, ...]
    value_texts: tuple[str, ...]
    log: bool = False

    def __len__(self) -> int:
        return len(self.values)

    @property
    def is_choice(self) -> bool:
        """Whether the values are options, not numbers."""
        return isinstance(self.values[0], str)

    def ticks(self, most: int) -> tuple[list[float], list[str]]:
        """At most `most` round numbers as `round_ticks` has them, and the word for a first value of 0."""
        places, texts = round_ticks(self.values, log=self.log, most=most)
        return places, [self.value_texts[0], *texts[1:]] if self.values[0] == 0 else texts


@dataclass(frozen=True)
class Measure:
    """What is shown of each run: a `column` of the table and its label.

    A loss is shown by its powers of ten, and the least one is best; a percentage as it is, and the most is best.
    """

    column: str
    label: str
    percent: bool = False

    @property
    def title(self) -> str:
        """The title of an axis of this measure."""
        return f"{self.label} (%)" if self.percent else self.label

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """The numbers that the colours show."""
        return values if self.percent else np.log10(np.maximum(values, 1e-12))

    def ticks(self, low: float, high: float) -> dict[str, Any]:
        """The ticks of an axis of `scaled` numbers; {} leaves them to Plotly."""
        if self.percent:
            return {}
        powers = list(range(math.ceil(low), math.floor(high) + 1))
        if len(powers) > 1:
            powers = powers[:: math.ceil(len(powers) / 6)]
            return {"tickvals": powers, "ticktext": [plain(10.0**power, 9) for power in powers]}
        places = [low, (low + high) / 2, high]
        return {"tickvals": places, "ticktext": [plain(10**place, 2) for place in places]}

    def format(self, value: float) -> str:
        """A value of this measure as text."""
        if math.isnan(value):
            return "–"
        return f"{value:.2f}%" if self.percent else plain(value, 4 if value >= 0.001 else 2)

    def best(self, values: np.ndarray) -> int | None:
        """The flat index of the best number; None where there is none."""
        if not np.isfinite(values).any():
            return None
        finite = np.where(np.isfinite(values), values, np.nan)
        return int(np.nanargmax(finite) if self.percent else np.nanargmin(finite))


@dataclass(frozen=True)
class Grid:
    """A sweep along its axes. All arrays have the shape (x, y), or (x, 1) for a single axis.

    `value` is that of the median seed (the lower of two), and `run` the number of that run. `low` and `high` are the
    range over the seeds. `outcome` is the one of most seeds; of a tie, that of the median run.
    """

    axes: tuple[Axis, ...]
    measure: Measure
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    outcome: np.ndarray
    run: np.ndarray

    @classmethod
    def empty(cls, axes: Sequence[Axis], measure: Measure) -> "Grid":
        """The grid of runs that are not trained yet."""
        shape = (*map(len, axes), *([1] if len(axes) == 1 else []))
        nothing = np.full(shape, np.nan)
        return cls(tuple(axes), measure, nothing, nothing, nothing, np.full(shape, "", object), np.zeros(shape, int))

    @property
    def comparable(self) -> bool:
        """Whether all cells can be ranked: a loss of MSE and one of L1 cannot be compared."""
        return self.measure.percent or all(axis.name != "loss" for axis in self.axes)

    @property
    def best(self) -> tuple[int, int] | None:
        """The best cell among the runs that ended well; None where the cells are not comparable."""
        if not self.comparable:
            return None
        place = self.measure.best(np.where(np.isin(self.outcome, UNRANKED_OUTCOMES), np.nan, self.value))
        return None if place is None else (place // self.value.shape[1], place % self.value.shape[1])

    def cell_of(self, run: int) -> tuple[int, int] | None:
        """The cell that shows this run, if one does."""
        x, y = np.nonzero(self.run == run)
        return (int(x[0]), int(y[0])) if len(x) else None


def grid_of(frame: pd.DataFrame, axes: Sequence[Axis], seeds: int, measure: Measure, outcome_column: str) -> Grid:
    """Put the rows of a sweep's table, in their order, into a grid."""
    shape = (*map(len, axes), *([1] if len(axes) == 1 else []), seeds)
    value = frame[measure.column].to_numpy(dtype=float).reshape(shape)
    labels = frame[outcome_column].to_numpy(dtype=object).reshape(shape)
    runs = np.arange(len(frame)).reshape(shape)
    # A cell without a finite number gets 0 for now, so that numpy does not warn, and NaN below.
    gone = ~np.isfinite(value).any(axis=-1)
    safe = np.where(gone[..., None], 0.0, value)
    at = (np.isfinite(safe).sum(axis=-1, keepdims=True) - 1) // 2  # NaN is sorted last
    middle = np.take_along_axis(np.sort(safe, axis=-1), at, axis=-1)[..., 0]
    which = np.nanargmin(np.abs(safe - middle[..., None]), axis=-1)
    middle, low, high = (np.where(gone, np.nan, part) for part in (middle, np.nanmin(safe, -1), np.nanmax(safe, -1)))
    run, its = (np.take_along_axis(part, which[..., None], axis=-1)[..., 0] for part in (runs, labels))
    return Grid(tuple(axes), measure, middle, low, high, _majority(labels, its), run)


def _majority(labels: np.ndarray, tied: np.ndarray) -> np.ndarray:
    """The most frequent of the labels (..., seeds) in each cell; of a tie, the one in `tied` (...)."""
    known = sorted(set(labels.flat))
    votes = np.stack([(labels == label).sum(axis=-1) + 0.5 * (tied == label) for label in known])
    found: np.ndarray = np.array(known, dtype=object)[votes.argmax(axis=0)]
    return found

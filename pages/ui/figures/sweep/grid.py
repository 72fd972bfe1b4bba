"""A sweep as its pictures need it: what is shown of each run, along one axis or two."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


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

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """The numbers that are shown as colours."""
        return values if self.percent else np.log10(np.maximum(values, 1e-12))

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

    `value` is the median over the seeds, `low` and `high` their range, `label` what became of most of them, `run` the
    number of the run nearest to the median.
    """

    axes: tuple[Axis, ...]
    measure: Measure
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    label: np.ndarray
    run: np.ndarray

    @property
    def best(self) -> tuple[int, int] | None:
        """Where the best one is; what exploded is not, however it ended."""
        place = self.measure.best(np.where(self.label == "exploding", np.nan, self.value))
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
    empty = ~np.isfinite(value).any(axis=-1, keepdims=True)
    safe = np.where(empty, 0.0, value)
    median, low, high = np.nanmedian(safe, axis=-1), np.nanmin(safe, axis=-1), np.nanmax(safe, axis=-1)
    nearest = np.nanargmin(np.abs(safe - median[..., None]), axis=-1)
    gone = empty[..., 0]
    median, low, high = (np.where(gone, np.nan, part) for part in (median, low, high))
    label = np.empty(median.shape, dtype=object)
    for place in np.ndindex(median.shape):
        found = list(labels[place])
        label[place] = max(set(found), key=found.count)
    run = np.take_along_axis(runs, nearest[..., None], axis=-1)[..., 0]
    return Grid(tuple(axes), measure, median, low, high, label, run)

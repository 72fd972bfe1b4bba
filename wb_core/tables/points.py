"""The points that a table gives, and the rows that it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.points import MAX_POINTS
from .codes import CELL_CODES


@dataclass(frozen=True)
class LeftOut:
    """A row that has no point: its number in the file, counted from 1, the column, what was `given` there, and why.

    `given` and `column` are text of the file: display them as plain text. `code` is one of `CELL_CODES`.
    """

    row: int
    column: str
    given: str
    code: str

    @property
    def sentence(self) -> str:
        """The reason in English."""
        return CELL_CODES[self.code].format(row=self.row, column=self.column, given=self.given)


@dataclass(frozen=True)
class Points:
    """The points of a table: `values` are (x, y), in the order of its rows, or (x1, x2, class).

    `x` and `y` are the columns of their coordinates, and `label` that of the classes, whose texts are `classes`: that
    of class 0 first. `read` rows were read, of which `good` have all of a point. If these are more than 10,000,
    `values` are a seeded sample of them. `left_out` are the other rows, up to the first 1,000.
    """

    x: str
    y: str
    values: tuple[tuple[Any, ...], ...]
    left_out: tuple[LeftOut, ...]
    read: int
    good: int
    label: str = ""
    classes: tuple[str, ...] = ()

    @property
    def sampled(self) -> bool:
        """Whether the values are only a sample of the good rows."""
        return len(self.values) < self.good


def sample(good: np.ndarray, seed: int, needed: Sequence[int] = ()) -> np.ndarray:
    """Of too many rows a seeded sample, which has the `needed` ones."""
    if len(good) <= MAX_POINTS:
        return good
    free = np.setdiff1d(good, needed)
    chosen = np.random.default_rng(seed).choice(free, MAX_POINTS - len(needed), replace=False)
    return np.sort(np.concatenate([chosen, np.array(needed, dtype=chosen.dtype)]))


def in_order(text: str) -> tuple[bool, float, str]:
    """Numbers in their order, then texts in that of the alphabet."""
    try:
        return False, float(text), text
    except ValueError:
        return True, 0.0, text

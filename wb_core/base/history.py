"""The record of every epoch of a run."""

from array import array
from collections.abc import Sequence

import numpy as np
import pandas as pd


class History:
    """One number per column and epoch, as 64-bit floats; row e belongs to epoch e, counted from 0.

    For a linear run, `train_loss` and the gradients are those before the update of epoch e; `test_loss`, `weight` and
    `bias` are those after it. For an image run, losses are means over the batches, and `test_accuracy` is the percent
    of all test images. Every number is finite. Another thread may read the rows so far while a run appends.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self._values = {name: array("d") for name in self.columns}

    @classmethod
    def of(cls, columns: Sequence[str], values: Sequence[Sequence[float]] | np.ndarray) -> "History":
        """The history with these numbers, (columns, epochs)."""
        history = cls(columns)
        history._values = {name: array("d", row) for name, row in zip(columns, values, strict=True)}
        return history

    def __len__(self) -> int:
        return len(self._values[self.columns[-1]])  # the last to be appended: all others have at least as many

    def append(self, row: Sequence[float]) -> None:
        """Record the next epoch: its numbers in the order of `columns`."""
        if len(row) != len(self.columns):
            raise ValueError(f"a row has {len(self.columns)} numbers, not {len(row)}")
        for values, value in zip(self._values.values(), row, strict=True):
            values.append(value)

    def column(self, name: str) -> Sequence[float]:
        """A copy of a column so far, one number per epoch; it does not grow with the run."""
        return self._values[name][: len(self)]

    def row(self, epoch: int) -> dict[str, float]:
        """The numbers of one epoch by name; a negative epoch counts from the end."""
        return {name: values[epoch] for name, values in self._values.items()}

    def frame(self) -> pd.DataFrame:
        """A table with one row per epoch: `epoch`, then the columns."""
        rows = len(self)
        return pd.DataFrame({"epoch": range(rows), **{n: list(v[:rows]) for n, v in self._values.items()}})

"""What is kept of each run of a sweep: its last and its best losses, its line, and what became of it."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import torch

from ..config import LinearConfig
from ..data import line_data
from ..diagnosis import Limits, label_of, limits_of
from ..history import LINEAR_COLUMNS, History
from ..run import LinearRun
from .axes import Axes
from .batch import CPU, Batch, data_key

NUMBERS = ("final_train_loss", "final_test_loss", "best_train_loss", "best_test_loss", "best_epoch")
LEARNED = ("learned_weight", "learned_bias")


class SweepResult:
    """The outcome of every run, by its number; see `Axes` for their order.

    No curves are kept: `history` trains a run again, to the same bits.
    """

    def __init__(self, axes: Axes[LinearConfig]) -> None:
        self.axes = axes
        runs = len(axes)
        self.numbers = {name: np.full(runs, np.nan) for name in (*NUMBERS, *LEARNED)}
        self.diverged_at = np.full(runs, -1)  # -1: it did not
        self.diagnoses = np.full(runs, "", dtype=object)

    def __len__(self) -> int:
        return len(self.axes)

    def frame(self) -> pd.DataFrame:
        """One row a run: its values on the axes, then

        `final_train_loss`, `final_test_loss`: of the last epoch that was recorded; nan if none was.
        `best_train_loss`, `best_test_loss`: the least ones, `best_epoch`: the epoch of the least test loss.
        `learned_weight`, `learned_bias`: the line at the end.
        `diverged_at`: the epoch that could not be recorded, or -1.
        `diagnosis`: one of `DIAGNOSES`, or "" for a run that a cancelled sweep did not come to.
        """
        axes = pd.DataFrame(list(self.axes.all_settings()), index=range(len(self)))
        rest = pd.DataFrame({**self.numbers, "diverged_at": self.diverged_at, "diagnosis": self.diagnoses})
        return pd.concat([axes, rest], axis=1)

    def config(self, run: int) -> LinearConfig:
        """The config of a run."""
        return self.axes.config_of(run)

    def run(self, run: int) -> LinearRun:
        """That run, trained again."""
        again = LinearRun(self.config(run))
        again.finish()
        return again

    def history(self, run: int) -> History:
        """The history of a run, epoch by epoch."""
        return self.run(run).history

    def take(self, places: Sequence[int], batch: Batch, limits: "LimitsOf") -> Iterator[None]:
        """Keep what a batch that is done has to say, and halt after each run; its rows are the runs at these places."""
        record = batch.record.permute(2, 1, 0).contiguous().numpy()  # (R, 6, E)
        finite = np.isfinite(record).all(axis=1)  # (R, E)
        epochs = np.where(finite.all(axis=1), record.shape[2], finite.argmin(axis=1))
        where = np.asarray(places)
        self.diverged_at[where] = np.where(epochs < record.shape[2], epochs, -1)
        for row, (place, count) in enumerate(zip(places, epochs.tolist(), strict=True)):
            self._keep(place, record[row, :, :count], batch.starts[row], batch.configs[row], limits)
            yield

    def _keep(
        self, place: int, record: np.ndarray, start: torch.Tensor, config: LinearConfig, limits: "LimitsOf"
    ) -> None:
        numbers, count = self.numbers, record.shape[1]
        diverged = int(self.diverged_at[place])
        columns = _Columns(record)
        self.diagnoses[place] = label_of(
            columns, config, limits=limits(config), diverged_at=None if diverged < 0 else diverged
        )
        if not count:
            numbers["learned_weight"][place], numbers["learned_bias"][place] = start.tolist()
            return
        train, test, weight, bias = record[:4]
        numbers["final_train_loss"][place], numbers["final_test_loss"][place] = train[-1], test[-1]
        numbers["best_train_loss"][place], numbers["best_test_loss"][place] = train.min(), test.min()
        numbers["best_epoch"][place] = test.argmin()
        numbers["learned_weight"][place], numbers["learned_bias"][place] = weight[-1], bias[-1]


class _Columns:
    """A part of a record as the doctor reads a history."""

    def __init__(self, record: np.ndarray) -> None:
        self._record = record

    def column(self, name: str) -> Sequence[float]:
        column: Sequence[float] = self._record[LINEAR_COLUMNS.index(name)]
        return column


class LimitsOf:
    """What the points of a config decide, made once for all runs on the same points."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Limits] = {}

    def __call__(self, config: LinearConfig) -> Limits:
        key = (config.loss, *data_key(config))
        if key not in self._made:
            self._made[key] = limits_of(line_data(config, CPU), config.loss)
        return self._made[key]

"""The results of a batched sweep: final and best losses, the learned line, and the diagnosis of each run."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ..base.history import History
from ..kinds.line.batch import Batch, data_key
from ..kinds.line.config import LinearConfig
from ..kinds.line.data import CPU, line_data
from ..kinds.line.diagnosis import Limits, limits_of, verdicts_of
from ..kinds.line.run import LinearRun
from ..records import RunRecord, record_of
from .axes import Axes
from .table import SweepTable

NUMBERS = ("final_train_loss", "final_test_loss", "best_train_loss", "best_test_loss", "best_epoch")
LEARNED = ("learned_weight", "learned_bias")

MAX_LOOKS = 500_000
"""Limits how many runs are diagnosed at once. A run counts about 100 numbers per point and 12 per epoch."""


class SweepResult(SweepTable):
    """The results of a batched sweep.

    Curves are not kept: `record`, `run` and `history` retrain the run, which gives bitwise the same numbers.
    """

    def __init__(self, axes: Axes) -> None:
        super().__init__(axes)
        runs = len(axes)
        self.numbers = {name: np.full(runs, np.nan) for name in (*NUMBERS, *LEARNED)}
        self.diverged_at = np.full(runs, -1)  # -1: did not diverge
        self.diagnoses = np.full(runs, "", dtype=object)
        self.good = np.zeros(runs, dtype=bool)

    def record(self, run: int) -> RunRecord:
        return record_of(self.run(run))

    def results(self) -> pd.DataFrame:
        """One row per run, with the columns

        `final_train_loss`, `final_test_loss`: of the last recorded epoch, nan without one.
        `best_train_loss`, `best_test_loss`: the lowest; `best_epoch`: the epoch of the lowest test loss.
        `learned_weight`, `learned_bias`: the line after the last recorded epoch.
        `diverged_at`: the epoch at which the run diverged, or -1.
        `diagnosis`: one of `DIAGNOSES`, or "" for a run that a stopped sweep did not reach; `good`, see `Diagnosis`.
        """
        said = {"diagnosis": self.diagnoses, "good": self.good}
        return pd.DataFrame({**self.numbers, "diverged_at": self.diverged_at, **said})

    def run(self, run: int) -> LinearRun:
        """Retrain a run."""
        again = LinearRun(self.config(run))
        again.finish()
        return again

    def history(self, run: int) -> History:
        """The history of a run, which is retrained."""
        return self.run(run).history

    def take(self, places: Sequence[int], batch: Batch, limits: "LimitsOf") -> Iterator[None]:
        """Store the results of a finished batch; yields every 10 to 20 ms so that the caller can pause.

        Row i of the batch is run `places[i]`, which may need only the first of the batch's epochs.
        """
        most = self.config(places[0]).epochs
        size = diagnosed_at_once(batch.first.size, most)
        for start in range(0, len(places), size):
            some, configs, found = slice(start, start + size), [], []
            for place in places[some]:
                configs.append(config := self.config(place))
                found.append(limits(config))
                yield
            record = batch.record[:most, :, some].permute(2, 1, 0).contiguous().numpy()  # (K, 6, E)
            epochs = finite_epochs(record)
            where = np.asarray(places[some])
            self._keep_numbers(where, record, epochs, batch.starts[some].numpy())
            self.diverged_at[where] = np.where(epochs < most, epochs, -1)
            self.diagnoses[where], self.good[where] = label_runs(record, epochs, configs, found)
            yield

    def _keep_numbers(self, where: np.ndarray, record: np.ndarray, epochs: np.ndarray, starts: np.ndarray) -> None:
        """Store the numbers of K runs from the first `epochs` (K,) of `record` (K, 6, E).

        `starts` (K, 2) are the initial weights and biases, kept for runs without a recorded epoch.
        """
        rows = np.flatnonzero(epochs)
        last = record[rows, :4, epochs[rows] - 1]  # (rows, 4)
        counts = np.arange(record.shape[2]) < epochs[rows, None]  # (rows, E)
        train, test = (np.where(counts, record[rows, column], np.inf) for column in (0, 1))
        numbers = *last[:, :2].T, train.min(axis=1), test.min(axis=1), test.argmin(axis=1)
        for name, values in zip(NUMBERS, numbers, strict=True):
            self.numbers[name][where[rows]] = values
        self.numbers["learned_weight"][where], self.numbers["learned_bias"][where] = starts.T
        self.numbers["learned_weight"][where[rows]], self.numbers["learned_bias"][where[rows]] = last[:, 2:].T


def diagnosed_at_once(points: int, epochs: int) -> int:
    """How many runs may be diagnosed at once."""
    return max(1, MAX_LOOKS // (100 * points + 12 * epochs))


def finite_epochs(record: np.ndarray) -> np.ndarray:
    """How many epochs each run recorded before its numbers stopped being finite: (K, 6, E) -> (K,)."""
    finite = np.isfinite(record).all(axis=1)  # (K, E)
    epochs: np.ndarray = np.where(finite.all(axis=1), record.shape[2], finite.argmin(axis=1))
    return epochs


def label_runs(
    record: np.ndarray, epochs: np.ndarray, configs: Sequence[LinearConfig], limits: Sequence[Limits]
) -> tuple[np.ndarray, np.ndarray]:
    """The diagnoses of K runs with `record` (K, 6, E), `epochs` (K,) of which are finite, and which are good: (K,)."""
    labels, good = np.full(len(record), "exploding", dtype=object), np.zeros(len(record), dtype=bool)
    if len(rows := np.flatnonzero(epochs == record.shape[2])):
        theirs = [configs[row] for row in rows.tolist()], [limits[row] for row in rows.tolist()]
        verdicts = verdicts_of(record[rows], *theirs)
        labels[rows], good[rows] = verdicts.labels, verdicts.good
    return labels, good


class LimitsOf:
    """The diagnosis limits of a config, computed once for all runs with the same points and loss."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Limits] = {}

    def __call__(self, config: LinearConfig) -> Limits:
        key = (config.loss, *data_key(config))
        if key not in self._made:
            self._made[key] = limits_of(line_data(config, CPU), config.loss)
        return self._made[key]

"""The results of a batched sweep: final and best metrics, what was learned, and the diagnosis of each run."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..base.history import History
from ..kinds.batching import Batch, Batching, Judge
from ..records import RunRecord, record_of
from .axes import Axes
from .table import SweepTable


class SweepResult(SweepTable):
    """The results of a batched sweep.

    Curves are not kept: `record`, `run` and `history` retrain the run, which gives bitwise the same numbers.
    """

    def __init__(self, axes: Axes, batching: Batching) -> None:
        super().__init__(axes)
        self._batching = batching
        runs, metrics = len(axes), [metric.name for metric in axes.kind.metrics]
        names = [*(f"{which}_{name}" for which in ("final", "best") for name in metrics), "best_epoch"]
        learned = [f"learned_{name}" for name in batching.learned]
        self.numbers = {name: np.full(runs, np.nan) for name in (*names, *learned)}
        self.diverged_at = np.full(runs, -1)  # -1: did not diverge
        self.diagnoses = np.full(runs, "", dtype=object)
        self.good = np.zeros(runs, dtype=bool)

    def record(self, run: int) -> RunRecord:
        return record_of(self.run(run))

    def results(self) -> pd.DataFrame:
        """One row per run, with the columns

        `final_train_loss`, `final_test_loss`, and so on for each metric of the kind: of the last recorded epoch, nan
        without one.
        `best_train_loss`, ...: the best ones; `best_epoch`: the epoch of the best value of the kind's last metric.
        `learned_weight`, `learned_bias`: for a line, after the last recorded epoch.
        `diverged_at`: the epoch at which the run diverged, or -1.
        `diagnosis`: one of the kind's diagnoses, or "" for a run that a stopped sweep did not reach; `good`, see
        `Diagnosis`.
        """
        said = {"diagnosis": self.diagnoses, "good": self.good}
        return pd.DataFrame({**self.numbers, "diverged_at": self.diverged_at, **said})

    def run(self, run: int) -> Any:
        """Retrain a run."""
        again = self.axes.kind.run(self.config(run))
        again.finish()
        return again

    def history(self, run: int) -> History:
        """The history of a run, which is retrained."""
        history: History = self.run(run).history
        return history

    def take(self, places: Sequence[int], batch: Batch, judge: Judge) -> Iterator[None]:
        """Store the results of a finished batch; yields every 10 to 20 ms so that the caller can pause.

        Row i of the batch is run `places[i]`, which may need only the first of the batch's epochs.
        """
        first = self.config(places[0])
        most, size = first.epochs, self._batching.at_once(first)
        for start in range(0, len(places), size):
            some, configs = slice(start, start + size), []
            for place in places[some]:
                configs.append(config := self.config(place))
                judge.limits(config)
                yield
            record = batch.record[:most, :, some].permute(2, 1, 0).contiguous().numpy()  # (K, columns, E)
            epochs = finite_epochs(record)
            parameters = batch.parameters(some, epochs)  # (K, P)
            where = np.asarray(places[some])
            self._keep_metrics(where, record, epochs)
            for name, column in zip(self._batching.learned, parameters.T, strict=False):
                self.numbers[f"learned_{name}"][where] = column
            self.diverged_at[where] = np.where(epochs < most, epochs, -1)
            self.diagnoses[where], self.good[where] = judge.verdicts(configs, record, epochs, parameters)
            yield

    def _keep_metrics(self, where: np.ndarray, record: np.ndarray, epochs: np.ndarray) -> None:
        """Store the metrics of K runs from the first `epochs` (K,) of `record` (K, columns, E)."""
        rows = np.flatnonzero(epochs)
        counts = np.arange(record.shape[2]) < epochs[rows, None]  # (rows, E)
        for metric in self.axes.kind.metrics:
            values = record[rows, self.axes.kind.run.columns.index(metric.name)]  # (rows, E)
            sign = -1 if metric.higher_is_better else 1
            best = np.where(counts, sign * values, np.inf).argmin(axis=1)
            at = np.arange(len(rows))
            self.numbers[f"final_{metric.name}"][where[rows]] = values[at, epochs[rows] - 1]
            self.numbers[f"best_{metric.name}"][where[rows]] = values[at, best]
        self.numbers["best_epoch"][where[rows]] = best


def finite_epochs(record: np.ndarray) -> np.ndarray:
    """How many epochs each run recorded before its numbers stopped being finite: (K, columns, E) -> (K,)."""
    finite = np.isfinite(record).all(axis=1)  # (K, E)
    epochs: np.ndarray = np.where(finite.all(axis=1), record.shape[2], finite.argmin(axis=1))
    return epochs

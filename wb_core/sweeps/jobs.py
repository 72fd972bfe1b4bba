"""A sweep of trainings that are too long for a server's own process: each combination is a job of a workplace."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from ..base.errors import WorkbenchError
from ..jobs import Job, Report, Workplace
from ..records import RunRecord
from .axes import Axes

AHEAD = 2
"""So many jobs of a sweep wait for a place at most, so that nobody else's job has to wait for all of them."""

LOOK = 0.1
"""Seconds between two looks at the jobs, for who waits until the end."""

OUTCOMES = ("done", "exploding", "failed", "cancelled", "running", "queued", "")
"""What becomes of a run; "" for one that has not been asked for."""


class JobSweep:
    """Every combination of some settings, trained as jobs of `work`: results come in whenever somebody has a `look`.

    A job that fails harms none of the others. Weights are not kept. Several threads may look at the same sweep.
    Raises what `Axes` raises.
    """

    def __init__(self, config: Any, work: Workplace, **axes: Iterable[Any]) -> None:
        self.axes = Axes(config, axes)
        self.work = work
        self.stopped = False
        self.reports: list[Report | None] = [None] * len(self.axes)
        self.tickets: list[str | None] = [None] * len(self.axes)
        self._asked = 0  # for so many runs, one after the other
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.axes)

    @property
    def ended(self) -> int:
        """How many runs have come to an end, of whatever kind."""
        return sum(report is not None and report.finished for report in self.reports)

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.ended == (self._asked if self.stopped else len(self))

    @property
    def progress(self) -> float:
        """From 0 to 1, how much of the training is done, by the pictures that were looked at."""
        whole = [self.axes.config_of(run).epochs for run in range(len(self))]
        done = [_epochs(report, epochs) for report, epochs in zip(self.reports, whole, strict=True)]
        return float(sum(done) / sum(whole))

    @property
    def nbytes(self) -> int:
        """How much memory the numbers in its reports take: with the full set, what a run answered has 400 kB."""
        return sum(report.nbytes for report in self.reports if report is not None)

    def look(self) -> None:
        """See how far the jobs are, and ask for more of them where few wait."""
        with self._lock:
            for run in range(self._asked):
                before = self.reports[run]
                if before is not None and not before.finished:
                    self._poll(run)
            while self._asked < len(self) and not self.stopped and self._waiting() < AHEAD:
                self._ask()

    def cancel(self) -> None:
        """End the jobs that are under way, and ask for no more; what has come stays."""
        with self._lock:
            self.stopped = True
            for run in range(self._asked):
                report, ticket = self.reports[run], self.tickets[run]
                if report is not None and ticket is not None and not report.finished:
                    try:
                        self.work.cancel(ticket)
                    except WorkbenchError as error:
                        self._failed(run, error)
                    else:
                        self._poll(run)

    def finish(self, watch: Callable[[float], bool] | None = None) -> "JobSweep":
        """Wait until all jobs have ended; `watch` is called with the progress, and stops it all by returning False."""
        self.look()
        while not self.finished:
            time.sleep(LOOK)
            self.look()
            if watch and not watch(self.progress):
                self.cancel()
        return self

    def config(self, run: int) -> Any:
        """The config of a run."""
        return self.axes.config_of(run)

    def frame(self) -> pd.DataFrame:
        """One row a run: its values on the axes, then

        `epochs_done`: so many are recorded; `final_train_loss`, `final_test_loss`, `final_test_accuracy` (percent) of
        the last one; `best_test_loss`, `best_test_accuracy`, and `best_epoch`, that of the best accuracy, from 0.
        `seconds`: what the epochs took.
        `outcome`: one of `OUTCOMES`.
        """
        axes = pd.DataFrame(list(self.axes.all_settings()), index=range(len(self)))
        return pd.concat([axes, pd.DataFrame([self._row(run) for run in range(len(self))])], axis=1)

    def record(self, run: int) -> RunRecord:
        """The record of a run."""
        return self.reports[run] or RunRecord(config=self.config(run), state="queued")

    def _row(self, run: int) -> dict[str, Any]:
        record, outcome = self.record(run), outcome_of(self.reports[run])
        seconds = sum(record.column("seconds"))
        return {"epochs_done": record.epochs, **record.metrics(), "seconds": seconds, "outcome": outcome}

    def _waiting(self) -> int:
        return sum(report is not None and report.state == "queued" for report in self.reports)

    def _ask(self) -> None:
        """Give the next job to the workplace; where that fails as nobody foresaw, the next look tries again."""
        run = self._asked
        job = Job(self.config(run), low_priority=True)
        try:
            ticket = self.work.submit(job)
        except WorkbenchError as error:
            self._asked, self.reports[run] = run + 1, Report(job, state="failed", error=error)
        else:
            self._asked, self.tickets[run], self.reports[run] = run + 1, ticket, Report(job, state="queued")
            self._poll(run)

    def _poll(self, run: int) -> None:
        ticket = self.tickets[run]
        assert ticket is not None
        try:
            report = self.work.poll(ticket)
        except WorkbenchError as error:  # it has been forgotten there
            self._failed(run, error)
        else:
            self.reports[run] = replace(report, weights=None)

    def _failed(self, run: int, error: WorkbenchError) -> None:
        report = self.reports[run]
        assert report is not None
        self.reports[run] = replace(report, state="failed", error=error)


def outcome_of(report: Report | None) -> str:
    """What became of a run, as one of `OUTCOMES`."""
    if report is None:
        return ""
    if report.diverged_at is not None:
        return "exploding"
    return "running" if report.state == "starting" else report.state


def _epochs(report: Report | None, whole: int) -> float:
    if report is None:
        return 0.0
    if report.finished:
        return float(whole)
    return len(report.rows) + (report.batch / report.batches if report.batches else 0.0)

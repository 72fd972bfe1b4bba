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
from .table import SweepTable

AHEAD = 2
"""At most this many jobs of a sweep wait in the queue, so that other jobs need not wait for a whole sweep."""

LOOK = 0.1
"""Seconds between two looks at the jobs in `finish`."""

OUTCOMES = ("done", "exploding", "failed", "cancelled", "running", "queued", "")
"""The outcomes of a run; "" for one that was not submitted."""


class JobSweep(SweepTable):
    """Every combination of some settings, trained as jobs of `work`. Each `look` brings new results.

    A job that fails harms no other. Weights are not kept. Several threads may look at the same sweep. Raises what
    `Axes` raises.
    """

    def __init__(self, config: Any, work: Workplace, **axes: Iterable[Any]) -> None:
        super().__init__(Axes(config, axes))
        self.work = work
        self.stopped = False
        self.reports: list[Report | None] = [None] * len(self.axes)
        self.tickets: list[str | None] = [None] * len(self.axes)
        self._asked = 0  # the number of runs that were submitted, one after the other
        self._lock = threading.Lock()

    @property
    def ended(self) -> int:
        """How many runs have ended, whatever their outcome."""
        return sum(report is not None and report.finished for report in self.reports)

    @property
    def finished(self) -> bool:
        """Whether there will be no more results."""
        return self.ended == (self._asked if self.stopped else len(self))

    @property
    def progress(self) -> float:
        """The part of the training that is done, from 0 to 1."""
        whole = [self.axes.config_of(run).epochs for run in range(len(self))]
        done = [_epochs(report, epochs) for report, epochs in zip(self.reports, whole, strict=True)]
        return float(sum(done) / sum(whole))

    @property
    def nbytes(self) -> int:
        """The bytes of its reports: with the full set, the predictions of a run have 400 kB."""
        return sum(report.nbytes for report in self.reports if report is not None)

    def look(self) -> None:
        """Poll the jobs, and submit more of them while few are waiting."""
        with self._lock:
            for run in range(self._asked):
                before = self.reports[run]
                if before is not None and not before.finished:
                    self._poll(run)
            while self._asked < len(self) and not self.stopped and self._waiting() < AHEAD:
                self._ask()

    def cancel(self) -> None:
        """Cancel the running jobs, and submit no more; results so far stay."""
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
        """Wait until all jobs have ended. `watch` is called with the progress; the sweep stops if it returns False."""
        self.look()
        while not self.finished:
            time.sleep(LOOK)
            self.look()
            if watch and not watch(self.progress):
                self.cancel()
        return self

    def record(self, run: int) -> RunRecord:
        return self.reports[run] or RunRecord(config=self.config(run), state="queued")

    def results(self) -> pd.DataFrame:
        """The columns

        `epochs_done`: the number of recorded epochs; then those of `RunRecord.metrics`.
        `seconds`: the time of these epochs.
        `outcome`: one of `OUTCOMES`.
        """
        return pd.DataFrame([self._row(run) for run in range(len(self))])

    def _row(self, run: int) -> dict[str, Any]:
        record, outcome = self.record(run), outcome_of(self.reports[run])
        seconds = sum(record.column("seconds"))
        return {"epochs_done": record.epochs, **record.metrics(), "seconds": seconds, "outcome": outcome}

    def _waiting(self) -> int:
        return sum(report is not None and report.state == "queued" for report in self.reports)

    def _ask(self) -> None:
        """Submit the next job; after an unforeseen error the next look tries again."""
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
        except WorkbenchError as error:  # the workplace has forgotten it
            self._failed(run, error)
        else:
            self.reports[run] = replace(report, weights=None)

    def _failed(self, run: int, error: WorkbenchError) -> None:
        report = self.reports[run]
        assert report is not None
        self.reports[run] = replace(report, state="failed", error=error)


def outcome_of(report: Report | None) -> str:
    """The outcome of a run, one of `OUTCOMES`."""
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

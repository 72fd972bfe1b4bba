"""A sweep of trainings that are too long for the server's own process. Each combination is a job."""

import secrets
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
"""At most this many jobs of a sweep are queued at once, so that other jobs do not wait for the whole sweep."""

POLL_SECONDS = 0.1
"""`finish` polls the jobs at this interval."""

OUTCOMES = ("done", "exploding", "failed", "cancelled", "running", "queued", "")
"""The outcomes of a run; "" for one not submitted yet."""


class JobSweep(SweepTable):
    """Trains every combination of the given settings as jobs in `work`; call `look` to collect new results.

    A failed job does not affect the others. Weights are not kept. Thread-safe. Raises the errors of `Axes`.
    """

    def __init__(self, config: Any, work: Workplace, **axes: Iterable[Any]) -> None:
        super().__init__(Axes(config, axes))
        self.work = work
        self.stopped = False
        self._owner = secrets.token_hex(8)
        self.reports: list[Report | None] = [None] * len(self.axes)
        self.tickets: list[str | None] = [None] * len(self.axes)
        self._submitted = 0  # runs below this number have been submitted
        self._lock = threading.Lock()

    @property
    def ended(self) -> int:
        """The number of runs that have ended, with any outcome."""
        return sum(report is not None and report.finished for report in self.reports)

    @property
    def finished(self) -> bool:
        """Whether all results have arrived."""
        return self.ended == (self._submitted if self.stopped else len(self))

    @property
    def progress(self) -> float:
        """The fraction of the training that is done, from 0 to 1."""
        whole = [self.axes.config_of(run).epochs for run in range(len(self))]
        done = [_epochs(report, epochs) for report, epochs in zip(self.reports, whole, strict=True)]
        return float(sum(done) / sum(whole))

    @property
    def nbytes(self) -> int:
        """The size of its reports in bytes. With the full data set, the predictions of one run take 400 kB."""
        return sum(report.nbytes for report in self.reports if report is not None)

    def look(self) -> None:
        """Poll the jobs, and submit more while fewer than `AHEAD` are queued."""
        with self._lock:
            for run in range(self._submitted):
                before = self.reports[run]
                if before is not None and not before.finished:
                    self._poll(run)
            while self._submitted < len(self) and not self.stopped and self._waiting() < AHEAD:
                self._submit_next()

    def cancel(self) -> None:
        """Cancel the unfinished jobs and submit no more. Results so far stay."""
        with self._lock:
            self.stopped = True
            for run in range(self._submitted):
                report, ticket = self.reports[run], self.tickets[run]
                if report is not None and ticket is not None and not report.finished:
                    try:
                        self.work.cancel(ticket)
                    except WorkbenchError as error:
                        self._mark_failed(run, error)
                    else:
                        self._poll(run)

    def finish(self, watch: Callable[[float], bool] | None = None) -> "JobSweep":
        """Wait until all jobs have ended. `watch` gets the progress, from 0 to 1; returning False stops the sweep."""
        self.look()
        while not self.finished:
            time.sleep(POLL_SECONDS)
            self.look()
            if watch and not watch(self.progress):
                self.cancel()
        return self

    def record(self, run: int) -> RunRecord:
        return self.reports[run] or RunRecord(config=self.config(run), state="queued")

    def results(self) -> pd.DataFrame:
        """One row per run, with the columns of `RunRecord.metrics` and

        `epochs_done`: the number of recorded epochs,
        `seconds`: the time of these epochs,
        `outcome`: one of `OUTCOMES`.
        """
        return pd.DataFrame([self._row(run) for run in range(len(self))])

    def _row(self, run: int) -> dict[str, Any]:
        record, outcome = self.record(run), outcome_of(self.reports[run])
        seconds = sum(record.column("seconds"))
        return {"epochs_done": record.epochs, **record.metrics(), "seconds": seconds, "outcome": outcome}

    def _waiting(self) -> int:
        return sum(report is not None and report.state == "queued" for report in self.reports)

    def _submit_next(self) -> None:
        """Submit the next job. After an unexpected error, the next `look` tries again."""
        run = self._submitted
        job = Job(self.config(run), low_priority=True, owner=self._owner)
        try:
            ticket = self.work.submit(job)
        except WorkbenchError as error:
            self._submitted, self.reports[run] = run + 1, Report(job, state="failed", error=error)
        else:
            self._submitted, self.tickets[run], self.reports[run] = run + 1, ticket, Report(job, state="queued")
            self._poll(run)

    def _poll(self, run: int) -> None:
        ticket = self.tickets[run]
        assert ticket is not None
        try:
            report = self.work.poll(ticket)
        except WorkbenchError as error:  # the workplace no longer knows the job
            self._mark_failed(run, error)
        else:
            self.reports[run] = replace(report, weights=None)

    def _mark_failed(self, run: int, error: WorkbenchError) -> None:
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

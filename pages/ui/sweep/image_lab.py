"""A visitor's sweep of pictures: its runs are jobs, which continue while the visitor is on another page."""

import secrets
import threading
from collections import OrderedDict
from typing import Any

import pandas as pd

import wb_core as wb

from ..labs.images import work
from ..session.reaper import JobReaper
from .driver import SweepDriver
from .lab import SweepLab
from .view import ImageSweepView, SweepView

MAX_ENDED = 16
"""The number of ended sweeps that the registry keeps; fewer if they hold more than MAX_ENDED_BYTES."""

MAX_ENDED_BYTES = 200_000_000


class SweepRegistry:
    """The server's sweeps of pictures, by ticket. A sweep submits its next jobs when it is polled."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[wb.JobSweep, SweepView]] = OrderedDict()

    def submit(self, sweep: wb.JobSweep, view: SweepView) -> str:
        """Register a sweep and return its ticket; the oldest ended sweeps are dropped."""
        ticket = secrets.token_urlsafe()
        with self._lock:
            self._known[ticket] = sweep, view
            # A cancelled sweep may wait for a worker that does not answer, but it is displayed nowhere.
            ended = [known for known, (other, _view) in self._known.items() if other.finished or other.stopped]
            sizes = {known: self._known[known][0].nbytes for known in ended}
            while len(sizes) > MAX_ENDED or sum(sizes.values()) > MAX_ENDED_BYTES:
                oldest = next(iter(sizes))
                del sizes[oldest], self._known[oldest]
        return ticket

    def find(self, ticket: str) -> tuple[wb.JobSweep, SweepView]:
        """A sweep and its view; `JobError` for an unknown ticket."""
        with self._lock:
            if ticket not in self._known:
                raise wb.JobError("job.unknown", "no sweep is known by this ticket, or not any more")
            return self._known[ticket]

    def poll(self, ticket: str) -> wb.JobSweep:
        """A sweep, updated from its jobs; `JobError` as from `find`."""
        sweep, _view = self.find(ticket)
        sweep.look()
        return sweep

    def cancel(self, ticket: str) -> None:
        """Cancel a sweep, unless it has ended. `JobError` as from `find`."""
        sweep, _view = self.find(ticket)
        sweep.cancel()


REGISTRY = SweepRegistry()
DRIVER = SweepDriver(REGISTRY)
REAPER = JobReaper(REGISTRY)


class ImageSweepLab(SweepLab):
    """The visitor's sweep of pictures."""

    def __init__(self) -> None:
        super().__init__(ImageSweepView())
        self._lock = threading.Lock()
        self.ticket: str | None = None
        self.work: wb.JobSweep | None = None
        self._seen: pd.DataFrame | None = None  # the table at the last poll

    @property
    def axes(self) -> wb.Axes | None:
        return self.work.axes if self.work else None

    @property
    def busy(self) -> bool:
        return self.work is not None and not self.work.finished

    def table(self) -> pd.DataFrame:
        assert self.work is not None  # noqa: S101
        # While the sweep runs, all parts of the page show the same table.
        return self._seen if self.busy and self._seen is not None else self.work.frame()

    def begin(self, config: wb.ImageConfig, axes: dict[str, Any], view: SweepView) -> None:
        """Begin a sweep; `ConfigError` if it is too large, and then the displayed one stays."""
        sweep = wb.JobSweep(config, work.WORK, **axes)
        with self._lock:  # a double click has two script runs here at once: only one sweep may continue
            self.stop()
            self._display(REGISTRY.submit(sweep, view), sweep, view)
        sweep.look()

    def look(self) -> None:
        """Update the table from the jobs."""
        if self.work is not None and self.busy:
            self.work.look()
            self._seen = self.work.frame()

    def stop(self) -> None:
        """Cancel what is left; results so far stay."""
        if self.work is not None and self.busy:
            self.work.cancel()

    def take_over(self, ticket: str) -> tuple[wb.ImageConfig, SweepView] | None:
        """Display the sweep that this tab had before a reload; returns its config and view, or None."""
        if self.work is not None:
            return None
        try:
            sweep, view = REGISTRY.find(ticket)
        except wb.JobError:
            return None
        self._display(ticket, sweep, view)
        return sweep.axes.config, view

    @property
    def report(self) -> wb.Report | None:
        """The report of the selected run."""
        return None if self.work is None or self.chosen is None else self.work.reports[self.chosen]

    def _display(self, ticket: str, sweep: wb.JobSweep, view: SweepView) -> None:
        self.ticket, self.work, self._seen = ticket, sweep, None
        DRIVER.drive(ticket)
        REAPER.keep(ticket)
        self._reset(view)

"""A visitor's sweep of pictures: its runs are jobs, which go on while the visitor looks at something else."""

import secrets
import threading
from collections import OrderedDict
from typing import Any

import pandas as pd

import wb_core as wb

from ..labs.images import work
from ..session.reaper import Keeper
from .lab import Lab
from .view import ImageSweepView, SweepView

KEPT = 16
"""So many sweeps are still known after their end, or fewer, if what they hold takes more than KEPT_BYTES."""

KEPT_BYTES = 200_000_000


class Sweeps:
    """The server's sweeps of pictures, by ticket. Each asks for its next jobs whenever somebody polls it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[wb.JobSweep, SweepView]] = OrderedDict()

    def submit(self, sweep: wb.JobSweep, view: SweepView) -> str:
        """Take a sweep, and give its ticket; the oldest ones of which nothing more is asked for are forgotten."""
        ticket = secrets.token_urlsafe()
        with self._lock:
            self._known[ticket] = sweep, view
            # One that was cancelled may wait for a workplace that does not answer, and nobody looks at it any more.
            ended = [known for known, (other, _view) in self._known.items() if other.finished or other.stopped]
            sizes = {known: self._known[known][0].nbytes for known in ended}
            while len(sizes) > KEPT or sum(sizes.values()) > KEPT_BYTES:
                oldest = next(iter(sizes))
                del sizes[oldest], self._known[oldest]
        return ticket

    def find(self, ticket: str) -> tuple[wb.JobSweep, SweepView]:
        """A sweep, and what describes it; `JobError` for one that is not known, or not any more."""
        with self._lock:
            if ticket not in self._known:
                raise wb.JobError("job.unknown", "no sweep is known by this ticket, or not any more")
            return self._known[ticket]

    def poll(self, ticket: str) -> wb.JobSweep:
        """A sweep, after a look at its jobs; `JobError` as from `find`."""
        sweep, _view = self.find(ticket)
        sweep.look()
        return sweep

    def cancel(self, ticket: str) -> None:
        """End a sweep; nothing happens to one that has ended. `JobError` as from `find`."""
        sweep, _view = self.find(ticket)
        sweep.cancel()


SWEEPS = Sweeps()
KEEPER = Keeper(SWEEPS)  # its looks are what goes on with a sweep while its visitor is on another page


class ImageSweepLab(Lab):
    """The visitor's sweep of pictures."""

    def __init__(self) -> None:
        super().__init__(ImageSweepView())
        self._lock = threading.Lock()
        self.ticket: str | None = None
        self.work: wb.JobSweep | None = None
        self._seen: pd.DataFrame | None = None  # the table at the last look

    @property
    def axes(self) -> wb.Axes | None:
        return self.work.axes if self.work else None

    @property
    def busy(self) -> bool:
        return self.work is not None and not self.work.finished

    def table(self) -> pd.DataFrame:
        assert self.work is not None  # noqa: S101
        # While it is under way, all parts of the page are of the same moment, whoever looks at it meanwhile.
        return self._seen if self.busy and self._seen is not None else self.work.frame()

    def begin(self, config: wb.ImageConfig, axes: dict[str, Any], view: SweepView) -> None:
        """Begin a sweep, which `view` describes; `ConfigError` if it is too large, and then the one on show stays."""
        sweep = wb.JobSweep(config, work.WORK, **axes)
        with self._lock:  # who clicks twice has two script runs here at once, and no sweep may go on unseen
            self.stop()
            self._show(SWEEPS.submit(sweep, view), sweep, view)
        sweep.look()

    def look(self) -> None:
        """See what has come."""
        if self.work is not None and self.busy:
            self.work.look()
            self._seen = self.work.frame()

    def stop(self) -> None:
        """Let it be as far as it came."""
        if self.work is not None and self.busy:
            self.work.cancel()

    def take_over(self, ticket: str) -> tuple[wb.ImageConfig, SweepView] | None:
        """Show the sweep that this tab had before a reload; gives what describes it, or None if there is none."""
        if self.work is not None:
            return None
        try:
            sweep, view = SWEEPS.find(ticket)
        except wb.JobError:
            return None
        self._show(ticket, sweep, view)
        return sweep.axes.config, view

    @property
    def report(self) -> wb.Report | None:
        """What is known of the chosen run."""
        return None if self.work is None or self.chosen is None else self.work.reports[self.chosen]

    def _show(self, ticket: str, sweep: wb.JobSweep, view: SweepView) -> None:
        self.ticket, self.work, self._seen = ticket, sweep, None
        KEEPER.keep(ticket)
        self._begun(view)

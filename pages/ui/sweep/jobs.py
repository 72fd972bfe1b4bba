"""A sweep whose runs are jobs, and the registry of all such sweeps on the server."""

import contextlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import streamlit as st

import wb_core as wb

from ..i18n import _
from ..labs.images import work
from ..session.reaper import JobReaper
from .driver import SweepDriver
from .lab import SweepLab
from .results import Results
from .view import SweepView

MAX_ENDED = 16
"""The number of ended sweeps that the registry keeps; fewer if they hold more than MAX_ENDED_BYTES."""

MAX_ENDED_BYTES = 200_000_000


class SweepRegistry:
    """The server's sweeps by ticket. Polling a sweep submits its next jobs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[wb.JobSweep, SweepView]] = OrderedDict()
        self._shared: dict[type, str] = {}  # the tickets of the sweeps that all visitors open, by the class of the view

    def submit(self, sweep: wb.JobSweep, view: SweepView) -> str:
        """Register a sweep and return its ticket. Drops the oldest ended sweeps."""
        with self._lock:
            return self._submit(sweep, view)

    def share(self, sweep: wb.JobSweep, view: SweepView) -> str:
        """The ticket of the sweep that all visitors open: a config has the same results for everybody.

        Registers `sweep` as that one, if there is none, or if it was stopped or dropped.
        """
        with self._lock:
            ticket = self._shared.get(type(view), "")
            if ticket not in self._known or self._known[ticket][0].stopped:
                ticket = self._shared[type(view)] = self._submit(sweep, view)
            return ticket

    def _submit(self, sweep: wb.JobSweep, view: SweepView) -> str:
        ticket = secrets.token_urlsafe()
        self._known[ticket] = sweep, view
        # A cancelled sweep may never finish if a worker hangs, but no page displays it.
        ended = [known for known, (other, _view) in self._known.items() if other.finished or other.stopped]
        sizes = {known: self._known[known][0].nbytes for known in ended}
        while len(sizes) > MAX_ENDED or sum(sizes.values()) > MAX_ENDED_BYTES:
            oldest = next(iter(sizes))
            del sizes[oldest], self._known[oldest]
        return ticket

    def find(self, ticket: str) -> tuple[wb.JobSweep, SweepView]:
        """A sweep and its view. Raises `JobError` for an unknown ticket."""
        with self._lock:
            if ticket not in self._known:
                raise wb.JobError("job.unknown", "no sweep is known by this ticket, or not any more")
            return self._known[ticket]

    def poll(self, ticket: str) -> wb.JobSweep:
        """Poll a sweep's jobs and return it. Raises `JobError` for an unknown ticket."""
        sweep, _view = self.find(ticket)
        sweep.look()
        return sweep

    def cancel(self, ticket: str) -> None:
        """Cancel a sweep, unless it has ended. Raises `JobError` for an unknown ticket."""
        sweep, _view = self.find(ticket)
        sweep.cancel()


REGISTRY = SweepRegistry()
DRIVER = SweepDriver(REGISTRY)
REAPER = JobReaper(REGISTRY)


TICK = 1.0
"""Seconds between two polls of a running sweep."""


class JobSweepLab(SweepLab):
    """A sweep whose jobs continue while the user is on another page, and which a reload finds again."""

    def __init__(self, view: SweepView, numbers: Iterator[int] | None = None) -> None:
        super().__init__(view, numbers)
        self._lock = threading.Lock()
        self.ticket: str | None = None
        self.work: wb.JobSweep | None = None
        self._seen: pd.DataFrame | None = None  # the table at the last poll
        self._watched = False  # the user has seen the sweep at work

    @property
    def axes(self) -> wb.Axes | None:
        return self.work.axes if self.work else None

    @property
    def busy(self) -> bool:
        return self.work is not None and not self.work.finished

    @property
    def selected(self) -> wb.Report | None:
        """The report of the selected run."""
        return None if self.work is None or self.chosen is None else self.work.reports[self.chosen]

    @property
    def ended_job(self) -> str | None:
        report = self.selected
        if self.work is None or self.chosen is None or report is None or not report.finished:
            return None
        return self.work.tickets[self.chosen]

    def begin(self, config: Any, axes: dict[str, Any], view: SweepView) -> None:
        sweep = wb.JobSweep(config, work.WORK, **axes)
        with self._lock:  # a double click runs this twice at once, but only one sweep may continue
            self.stop()
            self._display(REGISTRY.submit(sweep, view), sweep, view)
        sweep.look()

    def open(self, config: Any, axes: dict[str, Any], view: SweepView) -> None:
        """Display the server's sweep of the default settings, which the first visitor starts for all."""
        ticket = REGISTRY.share(wb.JobSweep(config, work.WORK, **axes), view)
        with self._lock:
            self._display(ticket, *REGISTRY.find(ticket))
        self.unasked = True
        self.look()

    def look(self) -> None:
        """Poll the jobs, and update the table."""
        if self.work is not None and self.busy:
            self.work.look()
            self._seen = self.work.frame()

    def stop(self) -> None:
        if self.work is not None and self.busy and not self.unasked:  # that one is also of others
            self.work.cancel()

    def table(self) -> pd.DataFrame:
        assert self.work is not None  # noqa: S101
        # While the sweep runs, all parts of the page show the same table.
        return self._seen if self.busy and self._seen is not None else self.work.frame()

    def draw(self, results: Results, *, stale: bool) -> None:
        if self.busy:
            self._live(results, stale)
            return
        with st.container():  # like that of a fragment, so that nothing moves when the sweep ends
            self._draw(results, stale)

    @property
    def saved(self) -> dict[str, Any] | None:
        return None if self.ticket is None else {"ticket": self.ticket}

    def take_over(self, saved: dict[str, Any], axes: Callable[[SweepView, Any], dict[str, Any]]) -> None:
        """Display the sweep, if the server still has it."""
        ticket = saved["ticket"]
        if (self.work is None or self.unasked) and isinstance(ticket, str):
            with contextlib.suppress(wb.JobError):
                self._display(ticket, *REGISTRY.find(ticket))

    @st.fragment(run_every=TICK)
    def _live(self, results: Results, stale: bool) -> None:
        """Draw a running sweep in a fragment that polls it."""
        self._watched = True
        self.look()
        if not self.busy:
            st.rerun()  # the whole page: the controls depend on `busy`, too
        self._draw(results, stale)

    def _draw(self, results: Results, stale: bool) -> None:
        """Draw the progress, even after the end so that nothing moves, and the results."""
        assert self.work is not None  # noqa: S101
        if self._watched or self.work.stopped:
            self._progress(self.work)
        again = sum(report is not None and report.tries > 1 for report in self.work.reports)
        if again:
            st.info(
                _("Runs restarted because a computer in the cluster was lost: {count}. None is counted twice.").format(
                    count=f"{again:,}"
                ),
                icon=":material/restart_alt:",
            )
        results.draw(self, stale=stale)

    def _progress(self, work: wb.JobSweep) -> None:
        """Draw how far the sweep is, and the button that stops it, unless it is everybody's."""
        with st.container(horizontal=True, vertical_alignment="center", key="sweep-progress"):
            text = self.ended_sentence(stopped=not self.busy and work.stopped)
            st.progress(work.progress if self.busy else self.ended / len(work), text=text)
            if not self.unasked:
                st.button(
                    _("Stop"),
                    icon=":material/stop:",
                    key="sweep.stop",
                    help=_("Stop the runs in progress and start no more. Results so far are kept."),
                    on_click=self.stop,
                    disabled=not self.busy,
                )

    def _display(self, ticket: str, sweep: wb.JobSweep, view: SweepView) -> None:
        self.ticket, self.work, self._seen, self._watched = ticket, sweep, None, False
        DRIVER.drive(ticket)
        REAPER.keep(ticket)
        self._reset(view)

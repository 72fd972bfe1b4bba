"""Cancels jobs whose visitors have left.

A job belongs to the sessions that have its ticket. Streamlit clears a session's caches when its browser disconnects;
`GRACE` seconds later the job is cancelled, unless another session has its ticket by then: a reload is a new session,
which finds the ticket in the browser's storage.
"""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

import wb_core as wb

GRACE = 8.0
"""Seconds from a visitor's leaving to the end of the visitor's jobs: a reload takes less."""

log = logging.getLogger(__name__)


class Place(Protocol):
    """Where jobs run; `JobError` for a ticket that is not known, or not any more."""

    def cancel(self, ticket: str) -> None: ...


class JobReaper:
    """Cancels jobs that no session is there for. `there` tells whether a session has its browser."""

    def __init__(self, work: Place, there: Callable[[str], bool] | None = None, grace: float = GRACE) -> None:
        self.work = work
        self.there = there or is_there
        self.grace = grace
        self._lock = threading.Lock()
        self._sessions: dict[str, set[str]] = {}  # by ticket; two, for example, after a tab was copied
        self._timers: dict[str, threading.Timer] = {}  # by session

    def keep(self, ticket: str, session: str | None = None) -> None:
        """Let a job run for as long as this session, or the one that calls, has a browser."""
        session = _watch(self) if session is None else session
        with self._lock:
            self._sessions.setdefault(ticket, set()).add(session)
        if not self.there(session):  # it has left during this script run
            self.left(session)

    def left(self, session: str) -> None:
        """Cancel a session's jobs after the grace, unless its browser is back by then or another session has them."""
        timer = threading.Timer(self.grace, self._end, [session])
        timer.daemon = True
        with self._lock:
            if session in self._timers:
                self._timers[session].cancel()
            self._timers[session] = timer
        try:
            timer.start()
        except RuntimeError:  # the system has no thread left
            self._cancel(session)

    def _end(self, session: str) -> None:
        if self.there(session):  # after a short break of the network, but its caches are cleared: look again later
            self.left(session)
        else:
            self._cancel(session)

    def _cancel(self, session: str) -> None:
        with self._lock:
            self._timers.pop(session, None)
            for sessions in self._sessions.values():
                sessions.discard(session)
            abandoned = [ticket for ticket, sessions in self._sessions.items() if not sessions]
            for ticket in abandoned:
                del self._sessions[ticket]
        for ticket in abandoned:
            try:
                self.work.cancel(ticket)
            except wb.JobError:  # it is not known any more
                pass
            except Exception:  # of any kind: the other jobs must end, too
                log.exception("an abandoned job could not be cancelled")


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda watching: watching.release())
def _watching() -> "_Watching":
    return _Watching()


class _Watching:
    """The reapers that have jobs of a session."""

    def __init__(self) -> None:
        self.session = _session()
        self.reapers: set[JobReaper] = set()

    def release(self) -> None:
        """Tell the reapers that the browser has disconnected."""
        for reaper in self.reapers:
            reaper.left(self.session)


def _watch(reaper: JobReaper) -> str:
    """Let the reaper know when the session that calls has left; returns the session, which is "" outside a script."""
    session = _session()
    if session:
        _watching().reapers.add(reaper)
    return session


def is_there(session: str) -> bool:
    """Whether a session has its browser; without a server, as in a test, all of them have."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def _session() -> str:
    ctx = get_script_run_ctx()
    return ctx.session_id if ctx else ""

"""Cancels jobs after their users have left.

A job belongs to the sessions that hold its ticket. Streamlit clears a session's caches when its browser disconnects;
`GRACE` seconds later, the job is cancelled unless another session holds its ticket. So a job survives a reload, which
starts a new session that reads the ticket from the browser's storage.
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
"""Seconds between a disconnect and the end of the session's jobs, enough for a reload."""

log = logging.getLogger(__name__)


class Place(Protocol):
    """Where jobs run. `cancel` raises `JobError` for an unknown ticket."""

    def cancel(self, ticket: str) -> None: ...


class JobReaper:
    """Cancels jobs without a connected session. `there` says whether a session is connected."""

    def __init__(self, work: Place, there: Callable[[str], bool] | None = None, grace: float = GRACE) -> None:
        self.work = work
        self.there = there or is_there
        self.grace = grace
        self._lock = threading.Lock()
        self._sessions: dict[str, set[str]] = {}  # by ticket; a duplicated tab adds a second session
        self._timers: dict[str, threading.Timer] = {}  # by session

    def keep(self, ticket: str, session: str | None = None) -> None:
        """Keep a job running while `session`, by default the current one, is connected."""
        session = _watch(self) if session is None else session
        with self._lock:
            self._sessions.setdefault(ticket, set()).add(session)
        if not self.there(session):  # it disconnected during this script run
            self.left(session)

    def left(self, session: str) -> None:
        """Cancel a session's jobs after `grace` seconds, unless it is back by then or another session holds them."""
        timer = threading.Timer(self.grace, self._end, [session])
        timer.daemon = True
        with self._lock:
            if session in self._timers:
                self._timers[session].cancel()
            self._timers[session] = timer
        try:
            timer.start()
        except RuntimeError:  # out of threads
            self._cancel(session)

    def _end(self, session: str) -> None:
        if self.there(session):  # reconnected; check again, as its caches are cleared and will not report the next time
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
            except wb.JobError:  # the workplace no longer knows it
                pass
            except Exception:  # whatever it is, the other jobs must end, too
                log.exception("an abandoned job could not be cancelled")


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda watching: watching.release())
def _watching() -> "_Watching":
    return _Watching()


class _Watching:
    """The reapers that hold jobs of a session."""

    def __init__(self) -> None:
        self.session = session_id()
        self.reapers: set[JobReaper] = set()

    def release(self) -> None:
        """Tell the reapers that the browser has disconnected."""
        for reaper in tuple(self.reapers):  # a script may still add one
            reaper.left(self.session)


def _watch(reaper: JobReaper) -> str:
    """Notify the reaper when the current session disconnects. Returns the session id, "" outside a script."""
    session = session_id()
    if session:
        _watching().reapers.add(reaper)
    return session


def is_there(session: str) -> bool:
    """Whether a session is connected; always True without a server, as in tests."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def session_id() -> str:
    """The id of the current session; "" outside a script."""
    ctx = get_script_run_ctx()
    return ctx.session_id if ctx else ""

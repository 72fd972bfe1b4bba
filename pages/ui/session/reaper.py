"""Cancels jobs after their users have left.

A job belongs to the sessions that hold its ticket. Streamlit clears a session's caches when its browser disconnects,
which alone does not tell a closed tab from a locked phone. So a tab that is closed or reloaded says so in its last
moment, with its session's secret: its jobs end `GRACE` seconds later, unless another session holds their tickets by
then, such as the session of the reloaded tab. Without that message the jobs go on for `AWAY` seconds.
"""

import logging
import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

import wb_core as wb

GRACE = 20.0
"""Seconds between the closing of a tab and the end of its jobs, enough for a reload on a busy machine."""

AWAY = 600.0
"""Seconds between a disconnect without such a message and the end of the jobs."""

MAX_SECRETS = 10_000
"""The number of sessions, the latest ones, that can say that their tab was closed."""

log = logging.getLogger(__name__)


_REAPERS: "weakref.WeakSet[JobReaper]" = weakref.WeakSet()


class Place(Protocol):
    """Where jobs run. `cancel` raises `JobError` for an unknown ticket."""

    def cancel(self, ticket: str) -> None: ...


class JobReaper:
    """Cancels jobs without a connected session. `there` says whether a session is connected."""

    def __init__(
        self, work: Place, there: Callable[[str], bool] | None = None, grace: float = GRACE, away: float = AWAY
    ) -> None:
        self.work = work
        self.there = there or is_there
        self.grace, self.away = grace, away
        self._lock = threading.Lock()
        self._sessions: dict[str, set[str]] = {}  # by ticket; a duplicated tab adds a second session
        self._timers: dict[str, threading.Timer] = {}  # by session
        self._closed: set[str] = set()  # sessions whose tab was closed
        _REAPERS.add(self)

    def keep(self, ticket: str, session: str | None = None) -> None:
        """Keep a job running while `session`, by default the current one, is connected."""
        session = _watch() if session is None else session
        with self._lock:
            self._sessions.setdefault(ticket, set()).add(session)
        if not self.there(session):  # it disconnected during this script run
            self.left(session)

    def left(self, session: str, *, closed: bool = False) -> None:
        """Cancel a session's jobs after a while, unless it is back by then or another session holds them.

        `closed` means that its tab was closed; the disconnect may be reported before or after that.
        """
        with self._lock:
            if closed:
                self._closed.add(session)  # even without jobs: one may be on its way
            elif not any(session in sessions for sessions in self._sessions.values()):
                return
            timer = threading.Timer(self.grace if session in self._closed else self.away, self._end, [session])
            timer.daemon = True
            if session in self._timers:
                self._timers[session].cancel()
            self._timers[session] = timer
        try:
            timer.start()
        except RuntimeError:  # out of threads
            self._cancel(session)

    def _end(self, session: str) -> None:
        if self.there(session):  # reconnected; check again, as its caches are cleared and may not report the next time
            self._closed.discard(session)
            self.left(session)
        else:
            self._cancel(session)

    def _cancel(self, session: str) -> None:
        with self._lock:
            self._timers.pop(session, None)
            self._closed.discard(session)
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


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda watching: watching.left())
def _watching() -> "_Watching":
    return _Watching()


class _Watching:
    """A connected session, and the secret with which its tab says that it was closed."""

    def __init__(self) -> None:
        self.session = session_id()
        self.secret = secrets.token_urlsafe()
        _SECRETS[self.secret] = self
        while len(_SECRETS) > MAX_SECRETS:
            _SECRETS.popitem(last=False)

    def left(self, *, closed: bool = False) -> None:
        """Tell the reapers that the browser has disconnected, or that the tab was closed."""
        for reaper in tuple(_REAPERS):
            reaper.left(self.session, closed=closed)


_SECRETS: OrderedDict[str, _Watching] = OrderedDict()  # also of disconnected sessions: the message may come later


def _watch() -> str:
    """Notify the reapers when the current session disconnects. Returns its id, "" outside a script."""
    session = session_id()
    if session:
        _watching()
    return session


def leaving_secret() -> str:
    """What the tab of the current session sends when it is closed."""
    return _watching().secret


def is_visit(secret: str) -> bool:
    """Whether a session of this server has this secret."""
    return secret in _SECRETS


async def tab_closed(request: Request) -> Response:
    """Answer the last message of a tab, whose body is its session's secret."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > 100:
            return Response(status_code=413)
    if watching := _SECRETS.get(body.decode("ascii", "replace")):
        watching.left(closed=True)
    return Response(status_code=204)


def is_there(session: str) -> bool:
    """Whether a session is connected; always True without a server, as in tests."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def session_id() -> str:
    """The id of the current session; "" outside a script."""
    ctx = get_script_run_ctx()
    return ctx.session_id if ctx else ""

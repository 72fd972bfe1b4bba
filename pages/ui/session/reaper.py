"""Cancels the work that goes on for a visitor on the server, when the visitor has left.

Such work belongs to the browser that has its ticket. When no browser has been there for a while, because the tab was
closed or the network is gone, it is cancelled; a reload of the page asks for it again.
"""

import logging
import threading
import time
from collections.abc import Callable, Set
from typing import Protocol

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

import wb_core as wb

GRACE = 8.0
"""Seconds after which work that nobody is there for is cancelled: a reload takes less."""

LOOK = 0.5
"""Seconds between two looks at who is there."""


log = logging.getLogger(__name__)


class Known(Protocol):
    """What is known of some work."""

    @property
    def finished(self) -> bool: ...


class Place(Protocol):
    """Where work is done, and known by a ticket; `JobError` for one that is not known, or not any more."""

    def poll(self, ticket: str) -> Known: ...
    def cancel(self, ticket: str) -> None: ...


class JobReaper:
    """Cancels the work whose visitors have left. `there` tells whether a session has its browser."""

    def __init__(self, work: Place, there: Callable[[str], bool] | None = None, grace: float = GRACE) -> None:
        self.work = work
        self.there = there or is_there
        self.grace = grace
        self._lock = threading.Lock()
        self._sessions: dict[str, set[str]] = {}  # who has the ticket: a tab that was copied has it, too
        self._missed: dict[str, float] = {}  # since when nobody is there for it
        self._thread: threading.Thread | None = None

    def keep(self, ticket: str, session: str | None = None) -> None:
        """Let it go on for as long as this session, or the one that asks, has a browser."""
        session = _session() if session is None else session
        with self._lock:
            self._sessions.setdefault(ticket, set()).add(session)
            self._missed.pop(ticket, None)
            if self._thread is None:
                thread = threading.Thread(target=self._watch, name="job-reaper", daemon=True)
                thread.start()  # the system may have none to give: then the next one asks again
                self._thread = thread

    def look(self, now: float) -> None:
        """Cancel what nobody has been there for long enough, and forget what has ended."""
        with self._lock:
            sessions = {ticket: frozenset(those) for ticket, those in self._sessions.items()}
        for ticket, those in sessions.items():
            try:
                ended = self.work.poll(ticket).finished
                left = not any(map(self.there, those))
            except wb.JobError:
                ended = left = True
            except Exception:  # whatever it is, it is not to harm the others, nor for longer than a visitor who left
                log.exception("nobody can say how far some work is")
                ended, left = False, True
            if not (ended or left):
                self._missed.pop(ticket, None)
                continue
            since = self._missed.setdefault(ticket, now)
            if ended or now - since >= self.grace:
                self._let_go(ticket, those)

    def _let_go(self, ticket: str, sessions: Set[str]) -> None:
        with self._lock:
            if self._sessions.get(ticket) != sessions:  # somebody has come for it in the meantime
                self._missed.pop(ticket, None)
                return
            del self._sessions[ticket]
            self._missed.pop(ticket, None)
        try:
            self.work.cancel(ticket)
        except wb.JobError:  # it is not known any more
            pass
        except Exception:  # as above
            log.exception("some work that was left behind could not be cancelled")

    def _watch(self) -> None:
        while True:
            self.look(time.monotonic())
            with self._lock:
                if not self._sessions:
                    self._thread = None
                    return
            time.sleep(LOOK)


def is_there(session: str) -> bool:
    """Whether a session has its browser; without a server, as in a test, everybody is there."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def _session() -> str:
    ctx = get_script_run_ctx()
    return ctx.session_id if ctx else ""

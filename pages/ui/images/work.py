"""Where the server's image runs are trained, and who looks after them.

A job belongs to the browser that has its ticket. When nobody has asked for it for a while, because the tab was closed
or the network is gone, it is cancelled; who reloads the page asks for it again.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Set

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

import wb_core as wb

GRACE = 8.0
"""Seconds after which a job that nobody is there for is cancelled: a reload takes less."""

LOOK = 0.5
"""Seconds between two looks at who is there."""

WORK = wb.workplace()


class Keeper:
    """Cancels the jobs whose visitors have left. `there` tells whether a session has its browser."""

    def __init__(self, work: wb.Workplace, there: Callable[[str], bool], grace: float = GRACE) -> None:
        self.work = work
        self.there = there
        self.grace = grace
        self._lock = threading.Lock()
        self._sessions: dict[str, set[str]] = {}  # who has the ticket: a tab that was copied has it, too
        self._missed: dict[str, float] = {}  # since when nobody is there for it
        self._thread: threading.Thread | None = None

    def keep(self, ticket: str, session: str) -> None:
        """Let a job go on for as long as this session has a browser."""
        with self._lock:
            self._sessions.setdefault(ticket, set()).add(session)
            self._missed.pop(ticket, None)
            if self._thread is None:
                thread = threading.Thread(target=self._watch, name="keeper", daemon=True)
                thread.start()  # the system may have none to give: then the next job asks again
                self._thread = thread

    def look(self, now: float) -> None:
        """Cancel what nobody has been there for long enough, and forget what has ended."""
        with self._lock:
            sessions = {ticket: frozenset(those) for ticket, those in self._sessions.items()}
        for ticket, those in sessions.items():
            try:
                ended = self.work.poll(ticket).finished
            except wb.JobError:
                ended = True
            if not ended and any(map(self.there, those)):
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
        with contextlib.suppress(wb.JobError):  # it is not known any more
            self.work.cancel(ticket)

    def _watch(self) -> None:
        while True:
            self.look(time.monotonic())
            with self._lock:
                if not self._sessions:
                    self._thread = None
                    return
            time.sleep(LOOK)


def _there(session: str) -> bool:
    """Whether a session has its browser; without a server, as in a test, everybody is there."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


KEEPER = Keeper(WORK, _there)


def submit(job: wb.Job) -> str:
    """Begin a job for the session that asks, and give its ticket."""
    ticket = WORK.submit(job)
    keep(ticket)
    return ticket


def cancel(ticket: str) -> None:
    """End a job, if it is still known."""
    with contextlib.suppress(wb.JobError):
        WORK.cancel(ticket)


def keep(ticket: str) -> None:
    """Let the session that asks be the one that a job goes on for."""
    ctx = get_script_run_ctx()
    KEEPER.keep(ticket, ctx.session_id if ctx else "")

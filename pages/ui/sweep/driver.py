"""Polls sweeps of jobs even if no page displays them, because a sweep submits its next jobs when polled."""

import logging
import threading
import time
from typing import Protocol

import wb_core as wb

TICK = 0.5
"""Seconds between two polls."""

PATIENCE = 8.0
"""A sweep is cancelled after failing to be polled for this many seconds."""

log = logging.getLogger(__name__)


class Pollable(Protocol):
    """The part of a sweep that the driver needs."""

    @property
    def finished(self) -> bool: ...


class Registry(Protocol):
    """Sweeps by ticket. Raises `JobError` for an unknown ticket."""

    def poll(self, ticket: str) -> Pollable: ...
    def cancel(self, ticket: str) -> None: ...


class SweepDriver:
    """Polls sweeps in its own thread until they end."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._failing: dict[str, float] = {}  # when polling a sweep began to fail, by ticket
        self._thread: threading.Thread | None = None

    def drive(self, ticket: str) -> None:
        """Poll a sweep until it ends."""
        with self._lock:
            self._tickets.add(ticket)
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="sweep-driver", daemon=True)
                thread.start()  # if this fails for lack of threads, the next call tries again
                self._thread = thread

    def poll(self, now: float) -> None:
        """Poll every sweep once; `now` is in seconds, on any clock."""
        with self._lock:
            tickets = list(self._tickets)
        for ticket in tickets:
            try:
                ended = self.registry.poll(ticket).finished
                self._failing.pop(ticket, None)
            except wb.JobError:
                ended = True
            except Exception:  # whatever it is, the other sweeps must continue
                log.exception("a sweep could not be polled")
                ended = now - self._failing.setdefault(ticket, now) >= PATIENCE
                if ended:
                    self._cancel(ticket)
            if ended:
                self._failing.pop(ticket, None)
                with self._lock:
                    self._tickets.discard(ticket)

    def _cancel(self, ticket: str) -> None:
        try:
            self.registry.cancel(ticket)
        except wb.JobError:  # already forgotten
            pass
        except Exception:
            log.exception("a sweep that could not be polled could not be cancelled")

    def _run(self) -> None:
        while True:
            self.poll(time.monotonic())
            with self._lock:
                if not self._tickets:
                    self._thread = None
                    return
            time.sleep(TICK)

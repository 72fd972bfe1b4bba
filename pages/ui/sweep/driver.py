"""Drives sweeps whose runs are jobs: a sweep submits its next jobs when it is polled, also when no page shows it."""

import logging
import threading
import time
from typing import Protocol

import wb_core as wb

TICK = 0.5
"""Seconds between two polls."""

PATIENCE = 8.0
"""Seconds after which a sweep that cannot be polled is cancelled."""

log = logging.getLogger(__name__)


class Pollable(Protocol):
    """What is known of a sweep."""

    @property
    def finished(self) -> bool: ...


class Registry(Protocol):
    """Sweeps by ticket; `JobError` for a ticket that is not known, or not any more."""

    def poll(self, ticket: str) -> Pollable: ...
    def cancel(self, ticket: str) -> None: ...


class SweepDriver:
    """Polls sweeps until they end, in a thread of its own."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._failing: dict[str, float] = {}  # since when a sweep cannot be polled
        self._thread: threading.Thread | None = None

    def drive(self, ticket: str) -> None:
        """Poll a sweep until it ends."""
        with self._lock:
            self._tickets.add(ticket)
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="sweep-driver", daemon=True)
                thread.start()  # if the system has no thread left, the next call tries again
                self._thread = thread

    def poll(self, now: float) -> None:
        """Poll every sweep once; `now` is a time in seconds."""
        with self._lock:
            tickets = list(self._tickets)
        for ticket in tickets:
            try:
                ended = self.registry.poll(ticket).finished
                self._failing.pop(ticket, None)
            except wb.JobError:
                ended = True
            except Exception:  # of any kind: the other sweeps must go on
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
        except wb.JobError:  # it is not known any more
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

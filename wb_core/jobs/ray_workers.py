"""Jobs in a Ray cluster, which schedules them; this module keeps track of them."""

import atexit
import logging
import queue
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from ..base.errors import JobError, WorkbenchError
from ..base.wire import Arrays
from .connection import Connection, no_cluster
from .coordinator import TRIES
from .job import Job, Report
from .ledger import Ledger
from .progress import crashed

LOOK_SECONDS = 0.05
"""An order waits at most this long while the thread listens for messages."""

STOP_SECONDS = 5.0

Order = tuple[Literal["connect", "begin", "cancel", "stop"], str]

log = logging.getLogger(__name__)


class RayWorkers:
    """A `Workplace`: jobs run wherever the cluster at an address has a free core, or GPU, each with one thread.

    The address is that of Ray's client server, "ray://host:10001"; "host:6379", or "auto", if this machine is a node
    of the cluster itself. No call waits for the cluster: one thread connects when the first job arrives, and makes all
    calls to Ray. Without a cluster a job fails with a `JobError`; the next job tries to connect again.

    A job whose node is lost starts again from the beginning on another one (`Report.tries`), with the same bits.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._ledger = Ledger()
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection = Connection(address)  # only the thread uses these two
        self._started: set[str] = set()  # tickets
        self._losses = 0  # lost connections in a row, with no message in between
        atexit.register(self.stop)

    def warm_up(self) -> None:
        """Connect ahead of the first job, without waiting for it."""
        with self._lock:
            self._order("connect")

    def submit(self, job: Job) -> str:
        """Accept a job and return its ticket. It starts as soon as the cluster has a place for it."""
        with self._lock:
            ticket = self._ledger.open(job)
            try:
                self._order("begin", ticket)
            except RuntimeError as error:  # the system has no thread left
                log.error("no thread for the cluster: %s", error)
                self._fail(ticket, crashed())
        return ticket

    def poll(self, ticket: str) -> Report:
        """The latest report of a job; `JobError` for a ticket that is unknown or no longer known."""
        with self._lock:
            return self._ledger.record(ticket).report

    def cancel(self, ticket: str) -> None:
        """End a job within half a second on whichever node it runs; does nothing to a finished one."""
        with self._lock:
            report = self._ledger.record(ticket).report
            if not report.finished:
                self._ledger.finish(ticket, replace(report, state="cancelled"))
                self._order("cancel", ticket)

    def stop(self) -> None:
        """Cancel all jobs and leave the cluster."""
        with self._lock:
            for ticket in self._ledger.unfinished():
                self._ledger.finish(ticket, replace(self._ledger.record(ticket).report, state="cancelled"))
            thread, self._thread = self._thread, None
            if thread is not None:
                self._orders.put(("stop", ""))
        if thread is not None:
            thread.join(STOP_SECONDS)

    def _order(self, what: Literal["connect", "begin", "cancel"], ticket: str = "") -> None:
        """Give the thread an order. The caller holds the lock, here and in `_fail`."""
        if self._thread is None:
            thread = threading.Thread(target=self._serve, name="ray workers", daemon=True)
            thread.start()
            self._thread = thread
        self._orders.put((what, ticket))

    def _fail(self, ticket: str, error: WorkbenchError) -> None:
        self._ledger.finish(ticket, replace(self._ledger.record(ticket).report, state="failed", error=error))

    def _serve(self) -> None:
        """The thread's loop: carry out orders, and record the cluster's messages."""
        while True:
            try:
                order = self._next_order()
                if order is None:
                    self._listen()
                elif order[0] == "stop":
                    break
                else:
                    self._do(*order)
            except Exception as error:  # noqa: BLE001  # the server must survive any error of the cluster
                self._lose(error)
        self._connection.close()
        self._started.clear()

    def _next_order(self) -> Order | None:
        """The next order; None if there is none and jobs are running."""
        with self._lock:
            waits = not self._connection.is_open or not self._ledger.unfinished()
        try:
            return self._orders.get(block=waits)
        except queue.Empty:
            return None

    def _do(self, what: str, ticket: str) -> None:
        if what == "cancel":
            if self._connection.is_open:
                self._connection.cancel(ticket)
            return
        try:
            if what == "begin":
                self._begin(ticket)
            else:
                self._connection.open()
        except JobError as error:  # no cluster: every waiting job fails
            log.error("%s", error)
            with self._lock:
                for waiting in self._ledger.unfinished():
                    self._fail(waiting, error)

    def _begin(self, ticket: str) -> None:
        with self._lock:
            report = self._known(ticket)
            self._started.intersection_update(self._ledger.unfinished())
        if report is None or ticket in self._started:
            return
        self._connection.open()
        tries = report.tries + (report.state != "queued")  # it was running in a cluster that was lost
        with self._lock:
            if tries > TRIES and self._known(ticket):
                self._fail(ticket, no_cluster(self.address))
            elif tries > report.tries and self._known(ticket):
                self._ledger.open_again(ticket, tries)
            if not self._known(ticket):
                return
        try:
            self._connection.begin(ticket, report.job, tries)
            self._started.add(ticket)
        except WorkbenchError as error:  # its data cannot be loaded
            with self._lock:
                if self._known(ticket):
                    self._fail(ticket, error)

    def _known(self, ticket: str) -> Report | None:
        """The report of an unfinished job, else None. The caller holds the lock."""
        return self._ledger.record(ticket).report if ticket in self._ledger.unfinished() else None

    def _listen(self) -> None:
        for ticket, attempt, fields, arrays in self._connection.news(LOOK_SECONDS):
            self._losses = 0
            with self._lock:
                known = self._known(ticket)
                if known is not None and attempt >= known.tries:  # otherwise the message is from a lost node
                    self._record(ticket, attempt, known, fields, arrays)
            if known is None:  # it was cancelled and does not know yet
                self._connection.cancel(ticket)

    def _record(self, ticket: str, attempt: int, report: Report, fields: Mapping[str, Any], arrays: Arrays) -> None:
        if attempt > report.tries:
            report = self._ledger.open_again(ticket, attempt).report
        record = self._ledger.record(ticket)
        if "traceback" in fields:
            log.error("a job failed:\n%s", fields["traceback"])
            self._fail(ticket, crashed())
        elif "now" in fields:
            record.report = replace(report, state="starting" if fields["now"] == "starting" else "queued")
        else:
            try:
                report = record.newer(fields, arrays)
            except ValueError as error:
                log.error("a job sent an invalid message: %s", error)
                report = replace(report, state="failed", error=crashed())
            record.report = report
            if report.finished:
                self._ledger.finish(ticket, report)

    def _lose(self, error: Exception) -> None:
        """Leave a lost cluster. Its jobs start again if it is reachable; otherwise they fail and keep their results."""
        log.error("the Ray cluster at %s is lost: %s", self.address, error)
        self._connection.close()
        self._started.clear()
        self._losses += 1
        with self._lock:
            for ticket in self._ledger.unfinished():
                if self._losses > TRIES:
                    self._fail(ticket, no_cluster(self.address))
                else:
                    self._orders.put(("begin", ticket))

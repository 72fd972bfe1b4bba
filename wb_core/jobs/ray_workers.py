"""Jobs in a Ray cluster, which finds a place for each; here is only what is known of them."""

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
"""So long an order waits, at most, while there is nothing new to hear."""

STOP_SECONDS = 5.0

Order = tuple[Literal["connect", "begin", "cancel", "stop"], str]

log = logging.getLogger(__name__)


class RayWorkers:
    """A `Workplace`: jobs run wherever the cluster at an address has a free core, or GPU, each with one thread.

    The address is that of Ray's client server, "ray://host:10001"; "host:6379", or "auto", if this machine is a node
    of the cluster itself. Nobody waits for the cluster here: one thread connects when the first job comes, and does
    all that is Ray's. A job for which there is no cluster has failed, with a `JobError`; the next one tries again.

    A job whose computer is lost begins again, from nothing, on another one (`Report.tries`). It has the same bits then.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._ledger = Ledger()
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection = Connection(address)  # for the thread alone, as the next one
        self._begun: set[str] = set()  # there
        self._losses = 0  # of the connection, without a word from the cluster between
        atexit.register(self.stop)

    def warm_up(self) -> None:
        """Connect ahead of the first job, without waiting for it."""
        with self._lock:
            self._order("connect")

    def submit(self, job: Job) -> str:
        """Take a job, and give its ticket. It starts as soon as the cluster has a place for it."""
        with self._lock:
            ticket = self._ledger.open(job)
            try:
                self._order("begin", ticket)
            except RuntimeError as error:  # the system gives no thread any more
                log.error("no thread for the cluster: %s", error)
                self._fail(ticket, crashed())
        return ticket

    def poll(self, ticket: str) -> Report:
        """What is known of a job now; `JobError` for a ticket that is not known, or not any more."""
        with self._lock:
            return self._ledger.record(ticket).report

    def cancel(self, ticket: str) -> None:
        """End a job within half a second, wherever it is; nothing happens to one that has ended."""
        with self._lock:
            report = self._ledger.record(ticket).report
            if not report.finished:
                self._ledger.finish(ticket, replace(report, state="cancelled"))
                self._order("cancel", ticket)

    def stop(self) -> None:
        """Cancel all jobs, and leave the cluster."""
        with self._lock:
            for ticket in self._ledger.unfinished():
                self._ledger.finish(ticket, replace(self._ledger.record(ticket).report, state="cancelled"))
            thread, self._thread = self._thread, None
            if thread is not None:
                self._orders.put(("stop", ""))
        if thread is not None:
            thread.join(STOP_SECONDS)

    def _order(self, what: Literal["connect", "begin", "cancel"], ticket: str = "") -> None:
        """Let the thread do something. The lock is held, here and in `_fail`."""
        if self._thread is None:
            thread = threading.Thread(target=self._serve, name="ray workers", daemon=True)
            thread.start()
            self._thread = thread
        self._orders.put((what, ticket))

    def _fail(self, ticket: str, error: WorkbenchError) -> None:
        self._ledger.finish(ticket, replace(self._ledger.record(ticket).report, state="failed", error=error))

    def _serve(self) -> None:
        """All that is Ray's, in one thread: do what was ordered, and take down what the cluster tells."""
        while True:
            try:
                order = self._next_order()
                if order is None:
                    self._listen()
                elif order[0] == "stop":
                    break
                else:
                    self._do(*order)
            except Exception as error:  # noqa: BLE001  # whatever becomes of the cluster, the server goes on
                self._lose(error)
        self._connection.close()
        self._begun.clear()

    def _next_order(self) -> Order | None:
        """What is to be done; None if nothing is, and some jobs are under way."""
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
        except JobError as error:  # there is no cluster: all who wait for it need not wait
            log.error("%s", error)
            with self._lock:
                for waiting in self._ledger.unfinished():
                    self._fail(waiting, error)

    def _begin(self, ticket: str) -> None:
        with self._lock:
            report = self._known(ticket)
            self._begun.intersection_update(self._ledger.unfinished())
        if report is None or ticket in self._begun:
            return
        self._connection.open()
        tries = report.tries + (report.state != "queued")  # it was under way in a cluster that was lost
        with self._lock:
            if tries > TRIES and self._known(ticket):
                self._fail(ticket, no_cluster(self.address))
            elif tries > report.tries and self._known(ticket):
                self._ledger.open_again(ticket, tries)
            if not self._known(ticket):
                return
        try:
            self._connection.begin(ticket, report.job, tries)
            self._begun.add(ticket)
        except WorkbenchError as error:  # its pictures cannot be had
            with self._lock:
                if self._known(ticket):
                    self._fail(ticket, error)

    def _known(self, ticket: str) -> Report | None:
        """What is known of a job, unless it has ended. The lock is held."""
        return self._ledger.record(ticket).report if ticket in self._ledger.unfinished() else None

    def _listen(self) -> None:
        for ticket, attempt, fields, arrays in self._connection.news(LOOK_SECONDS):
            self._losses = 0
            with self._lock:
                known = self._known(ticket)
                if known is not None and attempt >= known.tries:  # else from a computer that was given up
                    self._take_down(ticket, attempt, known, fields, arrays)
            if known is None:  # it was cancelled, and has not heard of it yet
                self._connection.cancel(ticket)

    def _take_down(self, ticket: str, attempt: int, report: Report, fields: Mapping[str, Any], arrays: Arrays) -> None:
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
                log.error("a job told what no job tells: %s", error)
                report = replace(report, state="failed", error=crashed())
            record.report = report
            if report.finished:
                self._ledger.finish(ticket, report)

    def _lose(self, error: Exception) -> None:
        """Leave a cluster that is lost. Its jobs begin again if there is one; else they keep what they have learned."""
        log.error("the Ray cluster at %s is lost: %s", self.address, error)
        self._connection.close()
        self._begun.clear()
        self._losses += 1
        with self._lock:
            for ticket in self._ledger.unfinished():
                if self._losses > TRIES:
                    self._fail(ticket, no_cluster(self.address))
                else:
                    self._orders.put(("begin", ticket))

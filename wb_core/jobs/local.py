"""Jobs in processes of this machine: a bounded pool with a FIFO queue."""

import atexit
import contextlib
import logging
import sys
import threading
from collections import OrderedDict
from dataclasses import replace

from ..base.devices import available_devices
from ..base.errors import WorkbenchError
from ..base.processes import Channel
from .job import Job, Report
from .ledger import Ledger
from .message import READY, pack_job, receive
from .process import Ready, forker, from_environment, spare
from .progress import Record, crashed

START_SECONDS = 60.0
"""A process that is not ready by then will not be; the machine may be busy."""

log = logging.getLogger(__name__)


class LocalWorkers:
    """A `Workplace`: at most `size` jobs run at once, each in a process of its own with one thread.

    `size` is what WB_WORKERS says, if nothing else is said, or one for each core. A job that crashes, or whose process
    somebody kills, is reported as failed and harms nothing else; processes end with this one, however it ends.
    """

    def __init__(self, size: int | None = None) -> None:
        self.size = from_environment() if size is None else size
        if self.size < 1:
            raise ValueError("there must be a place for one job at least")
        self._lock = threading.Lock()
        self._ledger = Ledger()
        self._waiting: OrderedDict[str, None] = OrderedDict()  # tickets, the oldest first
        self._lines: dict[str, Channel | None] = {}  # of the jobs that have a place
        self._forker, self._spare = Ready(forker), Ready(spare)
        atexit.register(self.stop)

    def warm_up(self) -> None:
        """Start the processes that jobs can be given to here ahead of the first one, without waiting for them."""
        for ready in {self._ready_for(device) for device in available_devices()}:
            ready.warm_up()

    def submit(self, job: Job) -> str:
        """Take a job, and give its ticket. It starts at once where a place is free, and else waits for its turn."""
        with self._lock:
            ticket = self._ledger.open(job)
            self._waiting[ticket] = None
            self._fill()
        return ticket

    def poll(self, ticket: str) -> Report:
        """What is known of a job now; `JobError` for a ticket that is not known, or not any more."""
        with self._lock:
            report = self._ledger.record(ticket).report
            if report.state == "queued":
                report = replace(report, place=self._queue().index(ticket) + 1)
            return report

    def cancel(self, ticket: str) -> None:
        """End a job at once, or take it out of the queue; nothing happens to one that has ended."""
        with self._lock:
            record = self._ledger.record(ticket)
            line = self._lines.get(ticket)
            if not record.report.finished:
                self._finish(ticket, replace(record.report, state="cancelled"))
        if line:
            line.close()

    def stop(self) -> None:
        """Cancel all jobs, and end all processes."""
        with self._lock:
            unfinished = self._ledger.unfinished()
        for ticket in unfinished:
            with contextlib.suppress(WorkbenchError):  # forgotten since
                self.cancel(ticket)
        self._forker.stop()
        self._spare.stop()
        atexit.unregister(self.stop)  # or all that was learned here would live as long as this process

    def _queue(self) -> list[str]:
        """The tickets of those who wait, the next one first. The lock is held."""
        return sorted(self._waiting, key=lambda ticket: self._ledger.record(ticket).report.job.low_priority)

    def _fill(self) -> None:
        """Give free places to those who wait. The lock is held, here and in `_finish`."""
        while self._waiting and len(self._lines) < self.size:
            ticket = self._queue()[0]
            del self._waiting[ticket]
            record = self._ledger.record(ticket)
            record.report = replace(record.report, state="starting")
            try:
                threading.Thread(target=self._do, args=[ticket, record], daemon=True).start()
                self._lines[ticket] = None
            except RuntimeError as error:  # the system gives no thread any more
                log.error("no thread for a job: %s", error)
                self._finish(ticket, replace(record.report, state="failed", error=crashed()))

    def _finish(self, ticket: str, report: Report) -> None:
        """Write the last report of a job."""
        self._waiting.pop(ticket, None)
        self._ledger.finish(ticket, report)

    def _do(self, ticket: str, record: Record) -> None:
        """See one job through, in a thread of its own."""
        try:
            self._find_worker(ticket, record)
        except (OSError, RuntimeError) as error:  # the system gives no process, no thread or no file any more
            log.error("a job could not be done: %s", error)
        finally:
            with self._lock:
                if not record.report.finished:
                    self._finish(ticket, replace(record.report, state="failed", error=crashed()))
                del self._lines[ticket]
                self._fill()

    def _find_worker(self, ticket: str, record: Record) -> None:
        """Hand the job to a process; one that somebody ended, or that hangs, is replaced once."""
        for _ in range(2):
            if record.report.finished:
                return
            worker = self._ready_for(record.report.job.config.device).take()
            try:
                with worker.channel() as line:
                    with self._lock:
                        if record.report.finished:  # cancelled meanwhile
                            return
                        self._lines[ticket] = line
                    with line.limit(START_SECONDS):
                        ready = line.receive(len(READY)) == READY
                    if ready:
                        line.send(pack_job(record.report.job))
                        self._follow(ticket, record, line)
                    if ready or record.report.finished:  # cancelled before a process was ready
                        return
            except OSError:  # it ended before it took the line
                pass
            worker.stop()

    def _ready_for(self, device: str) -> Ready:
        """The process for a job on a device: forked where that is possible, and it is not where there may be a GPU."""
        on_cpu = device == "cpu" or available_devices() == ("cpu",)
        return self._forker if sys.platform == "linux" and on_cpu else self._spare

    def _follow(self, ticket: str, record: Record, line: Channel) -> None:
        """Take down what the worker tells, until it has told the end, or ends."""
        try:
            while not record.report.finished:
                message = receive(line.receive)
                if message is None:
                    return
                if "traceback" in message[0]:
                    log.error("a job failed:\n%s", message[0]["traceback"])
                    return
                report = record.newer(*message)
                with self._lock:
                    if record.report.finished:  # cancelled meanwhile
                        return
                    record.report = report
                    if report.finished:
                        self._finish(ticket, report)
        except ValueError as error:
            log.error("a job told what no job tells: %s", error)
        finally:
            line.close()

"""Jobs in processes of this machine: a bounded pool with a FIFO queue."""

import atexit
import contextlib
import logging
import sys
import threading
from collections import Counter, OrderedDict
from dataclasses import replace

from ..base.devices import available_devices
from ..base.errors import WorkbenchError
from ..base.processes import Channel
from .job import Job, Report
from .ledger import Ledger
from .message import READY, pack_job, receive
from .process import Ready, forker, from_environment, spare
from .progress import JobProgress, crashed

START_SECONDS = 60.0
"""A process that is not ready by then counts as hung; the machine may be busy."""

log = logging.getLogger(__name__)


class LocalWorkers:
    """A `Workplace`: at most `size` jobs run at once, each in a process of its own with one thread.

    The default `size` is WB_WORKERS, or one for each core. The owner with the fewest running jobs is next. If all
    places are taken, one of them by a sweep or by a second job of one owner, there is one more for an owner who has
    none. A job that crashes, or whose process is killed, is reported as failed and affects no other. The processes end
    when this one does.
    """

    def __init__(self, size: int | None = None) -> None:
        self.size = from_environment() if size is None else size
        if self.size < 1:
            raise ValueError("there must be a place for one job at least")
        self._lock = threading.Lock()
        self._ledger = Ledger()
        self._waiting: OrderedDict[str, None] = OrderedDict()  # tickets, the oldest first
        self._channels: dict[str, Channel | None] = {}  # of the jobs that are running
        self._running: dict[str, Job] = {}  # the same; the ledger may forget a cancelled one before its thread ends
        self._forker, self._spare = Ready(forker), Ready(spare)
        atexit.register(self.stop)

    def warm_up(self) -> None:
        """Start the worker processes ahead of the first job, without waiting for them."""
        for ready in {self._ready_for(device) for device in available_devices()}:
            ready.warm_up()

    def submit(self, job: Job) -> str:
        """Accept a job and return its ticket. It starts at once if a place is free, and else waits in the queue."""
        with self._lock:
            ticket = self._ledger.open(job)
            self._waiting[ticket] = None
            self._fill()
        return ticket

    def poll(self, ticket: str) -> Report:
        """The latest report of a job; `JobError` for a ticket that is unknown or no longer known."""
        with self._lock:
            report = self._ledger.record(ticket).report
            if report.state == "queued":
                report = replace(report, place=self._queue().index(ticket) + 1)
            return report

    def cancel(self, ticket: str) -> None:
        """End a job at once, or remove it from the queue; does nothing to a finished one."""
        with self._lock:
            record = self._ledger.record(ticket)
            channel = self._channels.get(ticket)
            if not record.report.finished:
                self._finish(ticket, replace(record.report, state="cancelled"))
        if channel:
            channel.close()

    def stop(self) -> None:
        """Cancel all jobs, and end all processes."""
        with self._lock:
            unfinished = self._ledger.unfinished()
        for ticket in unfinished:
            with contextlib.suppress(WorkbenchError):  # forgotten since
                self.cancel(ticket)
        self._forker.stop()
        self._spare.stop()
        atexit.unregister(self.stop)  # otherwise every result would stay in memory until the process ends

    def _queue(self) -> list[str]:
        """The waiting tickets, the next one first. The caller holds the lock."""
        held = Counter(job.owner for job in self._running.values())

        def rank(ticket: str) -> tuple[bool, int]:
            job = self._ledger.record(ticket).report.job
            return job.low_priority, held[job.owner]

        return sorted(self._waiting, key=rank)

    def _has_place(self, job: Job) -> bool:
        """Whether a job may start now. The caller holds the lock."""
        if len(self._running) != self.size:
            return len(self._running) < self.size
        held = Counter(other.owner for other in self._running.values())
        crowded = any(other.low_priority or held[other.owner] > 1 for other in self._running.values())
        return crowded and not job.low_priority and not held[job.owner]

    def _fill(self) -> None:
        """Start waiting jobs while places are free. The caller holds the lock, here and in `_finish`."""
        while self._waiting:
            ticket = self._queue()[0]
            record = self._ledger.record(ticket)
            if not self._has_place(record.report.job):
                return
            del self._waiting[ticket]
            record.report = replace(record.report, state="starting")
            try:
                threading.Thread(target=self._do, args=[ticket, record], daemon=True).start()
                self._channels[ticket], self._running[ticket] = None, record.report.job
            except RuntimeError as error:  # the system has no thread left
                log.error("no thread for a job: %s", error)
                self._finish(ticket, replace(record.report, state="failed", error=crashed()))

    def _finish(self, ticket: str, report: Report) -> None:
        """Store the last report of a job."""
        self._waiting.pop(ticket, None)
        self._ledger.finish(ticket, report)

    def _do(self, ticket: str, record: JobProgress) -> None:
        """Run one job from start to end, in its own thread."""
        try:
            self._find_worker(ticket, record)
        except (OSError, RuntimeError) as error:  # the system has no process, thread or file left
            log.error("a job could not be done: %s", error)
        finally:
            with self._lock:
                if not record.report.finished:
                    self._finish(ticket, replace(record.report, state="failed", error=crashed()))
                del self._channels[ticket], self._running[ticket]
                self._fill()

    def _find_worker(self, ticket: str, record: JobProgress) -> None:
        """Hand the job to a process; one that was killed, or that hangs, is replaced once."""
        for _ in range(2):
            if record.report.finished:
                return
            worker = self._ready_for(record.report.job.config.device).take()
            try:
                with worker.channel() as channel:
                    with self._lock:
                        if record.report.finished:  # cancelled meanwhile
                            return
                        self._channels[ticket] = channel
                    with channel.limit(START_SECONDS):
                        ready = channel.receive(len(READY)) == READY
                    if ready:
                        channel.send(pack_job(record.report.job))
                        self._follow(ticket, record, channel)
                    if ready or record.report.finished:  # cancelled before a process was ready
                        return
            except OSError:  # it ended before it took the channel
                pass
            worker.stop()

    def _ready_for(self, device: str) -> Ready:
        """The process for a job on a device: a forked one on Linux if the job needs no GPU, else a spare one."""
        on_cpu = device == "cpu" or available_devices() == ("cpu",)
        return self._forker if sys.platform == "linux" and on_cpu else self._spare

    def _follow(self, ticket: str, record: JobProgress, channel: Channel) -> None:
        """Record the worker's messages until its last one, or until it ends."""
        try:
            while not record.report.finished:
                message = receive(channel.receive)
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
            log.error("a job sent an invalid message: %s", error)
        finally:
            channel.close()

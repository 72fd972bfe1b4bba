"""Keeps a worker ready, sends it files, and replaces it when a file breaks it.

On Linux, one worker forks a child per file. Elsewhere, each file uses up a spare worker (see base/processes.py).

A file gets little time at first, which is enough for every usual one. One that takes longer starts again in the only
place for slow files. So however many files hang, a good one waits for a short turn or two.
"""

import atexit
import contextlib
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import TypeVar

from ..base.errors import WorkbenchError
from .process import Channel, Forker, Spare, Worker
from .protocol import HEAD, READY, WALL_SECONDS

T = TypeVar("T")

CHILDREN_AT_ONCE = 4

QUEUE_SECONDS = 4.0
"""The longest wait for a turn."""

FLOOD = 8
"""More files than this in the queue are a flood."""

START_SECONDS = 30.0
WARM_SECONDS = 2.0
ANSWER_SECONDS = WALL_SECONDS + 1.0

Refuse = Callable[[str], WorkbenchError]
"""Makes the error of a reason: "busy", "time_limit" or "crashed"."""


class Places:
    """Places for files. The one that came first is next; in a flood the last one, which is the likeliest to be good."""

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._waiting: list[threading.Event] = []

    @contextlib.contextmanager
    def one(self, refuse: Refuse) -> Iterator[None]:
        """Hold a place. Raises the error of "busy" if none is free in time."""
        turn = threading.Event()
        with self._lock:
            self._waiting.append(turn)
            self._fill()
        if not turn.wait(QUEUE_SECONDS):
            with self._lock:
                if not turn.is_set():
                    self._waiting.remove(turn)
                    raise refuse("busy")
        try:
            yield
        finally:
            with self._lock:
                self._free += 1
                self._fill()

    def _fill(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._waiting.pop(-1 if len(self._waiting) > FLOOD else 0).set()


class TooSlow(Exception):  # noqa: N818  # it leaves this module as the error of "time_limit"
    """A file has used up its CPU time."""


class Sandbox:
    """Opens files with the module `opener` in another process.

    `seconds` are the CPU time of a file in its first and in its second turn.
    """

    new_worker: type[Forker] | type[Spare] = Forker if sys.platform == "linux" else Spare

    def __init__(self, opener: str, refuse: Refuse, seconds: tuple[float, float]) -> None:
        self.opener, self.refuse, self.seconds = opener, refuse, seconds
        self.places, self.slow_place = Places(CHILDREN_AT_ONCE), Places(1)
        self.worker: Worker | None = None
        self._lock = threading.Lock()
        self._warm: weakref.WeakSet[Worker] = weakref.WeakSet()  # they have answered before, so they have started
        atexit.register(self.stop)

    def start(self) -> None:
        """Start the worker before the first file, without waiting for it. Does nothing if it runs."""
        with self._lock:
            if self.worker is None or not self.worker.alive():
                self.stop()
                self.worker = self.new_worker(self.opener)

    def open(self, data: bytes, most: int, unpack: Callable[[bytes], T]) -> T:
        """What `unpack` makes of the child's answer, of at most `most` bytes."""
        first, second = self.seconds
        try:
            return self._open_within(first, self.places, data, most, unpack)
        except TooSlow:
            pass
        try:
            return self._open_within(second, self.slow_place, data, most, unpack)
        except TooSlow:
            raise self.refuse("time_limit") from None

    def _open_within(
        self, cpu_seconds: float, places: Places, data: bytes, most: int, unpack: Callable[[bytes], T]
    ) -> T:
        with places.one(self.refuse):
            return unpack(self.ask(data, cpu_seconds, most))

    def ask(self, data: bytes, cpu_seconds: float, most: int) -> bytes:
        """A child's answer. A worker that was killed or hangs is replaced once."""
        for _ in range(2):
            try:
                worker = self._take_worker()
                try:
                    with worker.channel() as channel:
                        with channel.limit(WARM_SECONDS if worker in self._warm else START_SECONDS):
                            ready = channel.receive(len(READY)) == READY
                        if ready:
                            self._warm.add(worker)
                            return self._send_file(channel, data, cpu_seconds, most)
                except OSError:  # the worker ended before it took the channel
                    pass
                worker.stop()
            except (OSError, RuntimeError):  # out of processes, threads or file descriptors
                break
        raise self.refuse("busy")

    def _send_file(self, channel: Channel, data: bytes, cpu_seconds: float, most: int) -> bytes:
        """A child's answer. The file is to blame if none comes, because the child was ready."""
        began = time.monotonic()
        with channel.limit(ANSWER_SECONDS):
            channel.send(HEAD.pack(len(data), cpu_seconds) + data)
            answer = channel.receive(most)
        if answer:
            return answer
        # The kernel kills a child that has used up its time, but does not tell us why.
        if time.monotonic() - began >= 0.9 * cpu_seconds:
            raise TooSlow
        raise self.refuse("crashed")

    def _take_worker(self) -> Worker:
        """A worker for one file. A worker that serves only one is replaced at once."""
        self.start()
        with self._lock:
            worker = self.worker
            assert worker
            if worker.for_one:
                self.worker = self.new_worker(self.opener)
            return worker

    def stop(self) -> None:
        """End the worker; the next file starts another one."""
        if self.worker is not None:
            self.worker.stop()

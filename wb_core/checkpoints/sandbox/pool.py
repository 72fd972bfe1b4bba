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
from collections.abc import Iterator

from ...base.errors import CheckpointError
from .codes import refusal
from .process import Channel, Forker, Spare, Worker
from .protocol import HEAD, READY, WALL_SECONDS, Content, max_answer, unpack

CHILDREN_AT_ONCE = 4
SHORT_SECONDS, LONG_SECONDS = 0.1, 1.0
"""CPU time of a file in its first and in its second turn; a usual one takes a hundredth of a second."""

QUEUE_SECONDS = 4.0
"""The longest wait for a turn."""

FLOOD = 8
"""More files than this in the queue are a flood."""

START_SECONDS = 30.0
WARM_SECONDS = 2.0
ANSWER_SECONDS = WALL_SECONDS + 1.0

new_worker: type[Forker] | type[Spare] = Forker if sys.platform == "linux" else Spare


class Places:
    """Places for files. The one that came first is next; in a flood the last one, which is the likeliest to be good."""

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._waiting: list[threading.Event] = []

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place. Raises `CheckpointError` if none is free in time."""
        turn = threading.Event()
        with self._lock:
            self._waiting.append(turn)
            self._fill()
        if not turn.wait(QUEUE_SECONDS):
            with self._lock:
                if not turn.is_set():
                    self._waiting.remove(turn)
                    raise refusal("checkpoint.busy")
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


_lock = threading.Lock()
_places, _slow_place = Places(CHILDREN_AT_ONCE), Places(1)
_worker: Worker | None = None
_warm: weakref.WeakSet[Worker] = weakref.WeakSet()  # workers that have answered before, so they have started


def start_upload_sandbox() -> None:
    """Start the worker before the first upload, without waiting for it. Does nothing if it runs."""
    global _worker
    with _lock:
        if _worker is None or not _worker.alive():
            _stop()
            _worker = new_worker()


def open_file(data: bytes) -> Content:
    """The tables of tensors in a file. Raises `CheckpointError` if the child refuses the file, fails or crashes."""
    try:
        return _open_within(SHORT_SECONDS, _places, data)
    except CheckpointError as error:
        if error.code != "checkpoint.time_limit":
            raise
    return _open_within(LONG_SECONDS, _slow_place, data)


def _open_within(cpu_seconds: float, places: Places, data: bytes) -> Content:
    with places.one():
        return unpack(_ask(data, cpu_seconds), len(data))


def _ask(data: bytes, cpu_seconds: float) -> bytes:
    """A child's answer. A worker that was killed or hangs is replaced once."""
    for _ in range(2):
        try:
            worker = _take_worker()
            try:
                with worker.channel() as channel:
                    with channel.limit(WARM_SECONDS if worker in _warm else START_SECONDS):
                        ready = channel.receive(len(READY)) == READY
                    if ready:
                        _warm.add(worker)
                        return _send_file(channel, data, cpu_seconds)
            except OSError:  # the worker ended before it took the channel
                pass
            worker.stop()
        except (OSError, RuntimeError):  # out of processes, threads or file descriptors
            break
    raise refusal("checkpoint.busy")


def _send_file(channel: Channel, data: bytes, cpu_seconds: float) -> bytes:
    """A child's answer. The file is to blame if none comes, because the child was ready."""
    began = time.monotonic()
    with channel.limit(ANSWER_SECONDS):
        channel.send(HEAD.pack(len(data), cpu_seconds) + data)
        answer = channel.receive(max_answer(len(data)))
    if answer:
        return answer
    # The kernel kills a child that has used up its time, but does not tell us why.
    late = time.monotonic() - began >= 0.9 * cpu_seconds
    raise refusal("checkpoint.time_limit" if late else "checkpoint.crashed")


def _take_worker() -> Worker:
    """A worker for one file. A worker that serves only one is replaced at once."""
    global _worker
    start_upload_sandbox()
    with _lock:
        worker = _worker
        assert worker
        if worker.for_one:
            _worker = new_worker()
        return worker


def _stop() -> None:
    if _worker is not None:
        _worker.stop()


atexit.register(_stop)

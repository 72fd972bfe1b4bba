"""The worker process. It preloads torch, and opens each file in a child with limited memory and time.

Started by pool.py. It imports only this package and parts of `base`, to start fast.
"""

import io
import os
import signal
import sys
from typing import IO

import torch

from ...base.errors import CheckpointError
from ...base.processes import serve_from
from .loader import open_file
from .protocol import HEAD, READY, WALL_SECONDS, pack, pack_refusal

EXTRA_BYTES = 100_000_000
"""A file may take this much memory on top of what the worker uses already."""


def main(mode: str) -> None:
    """Serve files. "fork" forks a child for each request on stdin, which is a socket; "once" serves one file."""
    torch.set_num_threads(1)  # only a process with one thread can fork safely
    _warm_up()
    serve_from(mode, _serve)


def _warm_up() -> None:
    """Open a small file, so that torch's lazy imports are done before the first upload."""
    file = io.BytesIO()
    torch.save({"weight": torch.zeros(1)}, file)
    _answer(file.getvalue())


def _serve(reader: IO[bytes], writer: IO[bytes]) -> None:
    """Receive one file, send its content back, and end this process."""
    try:
        writer.write(READY)
        writer.flush()
        head = reader.read(HEAD.size)
        if len(head) == HEAD.size:
            size, cpu_seconds = HEAD.unpack(head)
            _limit_resources(cpu_seconds)
            writer.write(_answer(reader.read(size)))
            writer.flush()
    finally:
        os._exit(0)  # without cleanup, which can take as long as loading the file


def _answer(data: bytes) -> bytes:
    try:
        return pack(open_file(data))
    except CheckpointError as refused:
        return pack_refusal(refused.code)
    except (MemoryError, SystemError):  # C code raises SystemError if it cannot even allocate a MemoryError
        return pack_refusal("checkpoint.memory_limit")
    except Exception:  # noqa: BLE001  # torch raises a dozen types for unreadable files
        return pack_refusal("checkpoint.damaged")


def _limit_resources(cpu_seconds: float) -> None:
    """Limit the time and memory of this process, as far as the system allows."""
    if sys.platform == "win32":
        return  # the pool ends a child that takes too long
    import resource  # missing on Windows

    # Neither signal has a handler, so the kernel kills the process even while C code runs.
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
        most = pages * resource.getpagesize() + EXTRA_BYTES
        _, allowed = resource.getrlimit(resource.RLIMIT_AS)
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

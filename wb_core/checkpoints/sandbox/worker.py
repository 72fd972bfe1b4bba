"""The other process. It has torch in memory, and opens each file in a child with little memory and little time.

Started by pool.py; of `wb_core` only this package, `errors` and `processes` are imported here.
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
from .protocol import CPU_SECONDS, READY, SIZE, WALL_SECONDS, pack, pack_refusal

MORE_BYTES = 100_000_000
"""How much memory a file may take beyond what the worker has already."""


def main(mode: str) -> None:
    """Serve files: "fork" a child for each, asked for through the socket that is our stdin, or just "once"."""
    torch.set_num_threads(1)  # a process with one thread can be forked
    _rehearse()
    serve_from(mode, _serve)


def _rehearse() -> None:
    """Open a small file, so that what torch imports late is in memory before the first upload."""
    file = io.BytesIO()
    torch.save({"weight": torch.zeros(1)}, file)
    _answer(file.getvalue())


def _serve(reader: IO[bytes], writer: IO[bytes]) -> None:
    """Open the one file that comes, send what is in it, and end this process."""
    try:
        writer.write(READY)
        writer.flush()
        head = reader.read(SIZE.size)
        if len(head) == SIZE.size:
            _limit()
            writer.write(_answer(reader.read(*SIZE.unpack(head))))
            writer.flush()
    finally:
        os._exit(0)  # at once: to clear away what a file built can take as long as to build it


def _answer(data: bytes) -> bytes:
    try:
        return pack(open_file(data))
    except CheckpointError as refused:
        return pack_refusal(refused.code)
    except (MemoryError, SystemError):  # the second is what C code raises when there is no memory for the first
        return pack_refusal("checkpoint.memory_limit")
    except Exception:  # noqa: BLE001  # torch raises a dozen types for a file that it cannot read
        return pack_refusal("checkpoint.damaged")


def _limit() -> None:
    """Little time and memory for this process, from now on, as far as the system can."""
    if sys.platform == "win32":
        return  # the pool ends a child that takes too long
    import resource  # there is none on Windows

    # Neither timer's signal has a handler, so the kernel ends the process, whatever C code is busy in it.
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
        most = pages * resource.getpagesize() + MORE_BYTES
        _, allowed = resource.getrlimit(resource.RLIMIT_AS)
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

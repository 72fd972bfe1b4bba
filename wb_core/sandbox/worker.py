"""The worker process. It prepares an opener, and opens each file in a child with limited memory and time.

Started by pool.py. It imports only this package, parts of `base` and the opener, to start fast.
"""

import importlib
import os
import signal
import sys
from functools import partial
from typing import IO, cast

from ..base.processes import serve_from
from .protocol import HEAD, READY, WALL_SECONDS, Opener


def main(opener: str, mode: str) -> None:
    """Serve files. "fork" forks a child for each request on stdin, which is a socket; "once" serves one file."""
    module = cast(Opener, importlib.import_module(opener))
    module.prepare()
    serve_from(mode, partial(_serve, module))


def _serve(opener: Opener, reader: IO[bytes], writer: IO[bytes]) -> None:
    """Receive one file, send its content back, and end this process."""
    try:
        writer.write(READY)
        writer.flush()
        head = reader.read(HEAD.size)
        if len(head) == HEAD.size:
            size, cpu_seconds = HEAD.unpack(head)
            _limit_resources(cpu_seconds, opener.EXTRA_BYTES)
            writer.write(opener.answer(reader.read(size)))
            writer.flush()
    finally:
        os._exit(0)  # without cleanup, which can take as long as loading the file


def _limit_resources(cpu_seconds: float, extra_bytes: int) -> None:
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
        most = pages * resource.getpagesize() + extra_bytes
        _, allowed = resource.getrlimit(resource.RLIMIT_AS)
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

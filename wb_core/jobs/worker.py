"""The worker process. It has torch and the engine loaded, and does each job in a child with one thread.

process.py starts it.
"""

import contextlib
import os
import sys
import threading
from typing import IO

import torch

from ..base.processes import serve_from
from ..kinds import KINDS
from .message import READY, pack, receive
from .training import messages

NICENESS = 10


def main(mode: str) -> None:
    """Serve jobs: "fork" a child for each one that arrives through the socket on stdin, or serve just "once"."""
    torch.set_num_threads(1)  # only a process with one thread can fork safely
    _warm_up()
    serve_from(mode, _serve)


def _warm_up() -> None:
    """Train a little, so that torch's lazy imports and the data are loaded before the first job."""
    for kind in KINDS.values():
        kind.warm_up()


def _serve(reader: IO[bytes], writer: IO[bytes]) -> None:
    """Do the one job that arrives, report its progress, and end this process."""
    try:
        writer.write(READY)
        writer.flush()
        message = receive(reader.read)
        if message is not None:
            threading.Thread(target=_end_with, args=[reader], daemon=True).start()
            _lower_priority()
            for fields, arrays in messages(*message):
                writer.write(pack(fields, arrays))
                writer.flush()
    finally:
        os._exit(0)  # at once: nothing needs cleaning up


def _end_with(reader: IO[bytes]) -> None:
    """End this process as soon as the other end closes, whatever it is doing."""
    reader.read(1)
    os._exit(0)


def _lower_priority() -> None:
    """Give page requests priority, and let the system kill this process first when memory runs out."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")

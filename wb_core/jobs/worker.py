"""The other process. It has torch and the engine in memory, and does each job in a child with one thread.

Started by process.py.
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
    """Serve jobs: "fork" a child for each, asked for through the socket that is our stdin, or just "once"."""
    torch.set_num_threads(1)  # a process with one thread can be forked
    _rehearse()
    serve_from(mode, _serve)


def _rehearse() -> None:
    """Train a little, so that what torch imports late and the data are in memory before the first job."""
    for kind in KINDS.values():
        kind.warm_up()


def _serve(reader: IO[bytes], writer: IO[bytes]) -> None:
    """Do the one job that comes, tell how it goes, and end this process."""
    try:
        writer.write(READY)
        writer.flush()
        message = receive(reader.read)
        if message is not None:
            threading.Thread(target=_end_with, args=[reader], daemon=True).start()
            _give_way()
            for fields, arrays in messages(*message):
                writer.write(pack(fields, arrays))
                writer.flush()
    finally:
        os._exit(0)  # at once: there is nothing to clear away


def _end_with(reader: IO[bytes]) -> None:
    """End this process, whatever it is doing, as soon as nobody is there any more who wants to know."""
    reader.read(1)
    os._exit(0)


def _give_way() -> None:
    """Let those go first who wait for a page, and let the system take this process rather than theirs for memory."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")

"""The protocol between pool and child.

The child sends READY; the pool sends HEAD and the file. The child answers with bytes that the opener packs, and whoever
asked checks them: the file may control the child that opened it.
"""

import struct
from typing import Protocol

WALL_SECONDS = 4
READY = b"!"
HEAD = struct.Struct("<Qd")
"""The file's bytes, and the seconds of CPU time that it may take."""


class Opener(Protocol):
    """A module that opens files in the child. `EXTRA_BYTES` is the memory that a file may take."""

    EXTRA_BYTES: int

    def prepare(self) -> None:
        """Import and warm up, before the first file. Only a process with one thread can fork safely afterwards."""

    def answer(self, data: bytes) -> bytes:
        """What is in a file, or why it is refused."""

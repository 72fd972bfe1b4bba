"""What NVIDIA's own program `nvidia-smi` says of the graphics cards, without ever waiting long for it."""

import contextlib
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass

PROGRAM = "nvidia-smi"
LIMIT = 6.0
"""Seconds that the program may take; a card that nobody uses takes two or three to wake up."""
FRESH = 4.0
"""For so many seconds what it said is told again, to whoever asks."""


@dataclass(frozen=True)
class NvidiaSmi:
    """What became of asking `nvidia-smi`, and what it said.

    `state` is "told" (`output` is what it said), "absent" (there is no such program), "slow" (it was ended after
    `LIMIT` seconds), "failed" (it ended with the exit code `code`, None where it did not even start; `output` is what
    it said) or "unreadable" (what it said is no text).
    """

    state: str
    output: str = ""
    code: int | None = None


class _Desk:
    """Asks once for everybody: a room full of visitors starts one process, not thirty."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.until = 0.0
        self.last = NvidiaSmi("absent")

    def ask(self) -> NvidiaSmi:
        with self.turn:
            if time.monotonic() >= self.until:
                self.last = _run()
                self.until = time.monotonic() + FRESH
            return self.last


_desk = _Desk()


def has_nvidia_smi() -> bool:
    """Whether there is such a program at all, which takes no time to find out."""
    return shutil.which(PROGRAM) is not None


def nvidia_smi() -> NvidiaSmi:
    """Run `nvidia-smi`, or tell what it said a moment ago. It takes `LIMIT` seconds and a little at most."""
    return _desk.ask()


def _run() -> NvidiaSmi:
    program = shutil.which(PROGRAM)
    if program is None:
        return NvidiaSmi("absent")
    try:
        process = subprocess.Popen(  # noqa: S603  # no shell, no arguments
            [program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError:
        return NvidiaSmi("failed")
    try:
        said, _ = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        _give_up(process)
        return NvidiaSmi("slow")
    try:
        output = said.decode()
    except UnicodeDecodeError:
        return NvidiaSmi("unreadable", code=process.returncode)
    return NvidiaSmi("failed" if process.returncode else "told", output, process.returncode)


def _give_up(process: subprocess.Popen[bytes]) -> None:
    """End the program. `subprocess.run` would wait for its end, which a driver that hangs puts off for ever."""
    process.kill()
    assert process.stdout is not None
    process.stdout.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)

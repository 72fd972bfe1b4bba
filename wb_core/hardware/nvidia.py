"""The output of NVIDIA's program `nvidia-smi`, with a limit on how long to wait for it."""

import contextlib
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass

PROGRAM = "nvidia-smi"
LIMIT = 6.0
"""Seconds that the program may take; an idle GPU takes two or three to wake up."""
FRESH = 4.0
"""For this many seconds, all callers get the last output."""


@dataclass(frozen=True)
class NvidiaSmi:
    """The outcome of a call of `nvidia-smi`, and its output.

    `state` is "ok" (it succeeded), "absent" (the program is not installed), "slow" (it was killed after `LIMIT`
    seconds), "failed" (with the exit code `code`, or None if it did not start) or "unreadable" (the output is not
    text).
    """

    state: str
    output: str = ""
    code: int | None = None


class _SharedResult:
    """Runs the program once for all callers: a room full of visitors starts one process, not thirty."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.last = NvidiaSmi("absent")

    def get(self) -> NvidiaSmi:
        with self.lock:
            if time.monotonic() >= self.until:
                self.last = _run()
                self.until = time.monotonic() + FRESH
            return self.last


_shared = _SharedResult()


def has_nvidia_smi() -> bool:
    """Whether the program is installed."""
    return shutil.which(PROGRAM) is not None


def nvidia_smi() -> NvidiaSmi:
    """Run `nvidia-smi`, or return its output of a moment ago. Takes little more than `LIMIT` seconds at most."""
    return _shared.get()


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
        printed, _ = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        _give_up(process)
        return NvidiaSmi("slow")
    try:
        output = printed.decode()
    except UnicodeDecodeError:
        return NvidiaSmi("unreadable", code=process.returncode)
    return NvidiaSmi("failed" if process.returncode else "ok", output, process.returncode)


def _give_up(process: subprocess.Popen[bytes]) -> None:
    """Kill the program. `subprocess.run` would then wait for it, forever if the driver hangs."""
    process.kill()
    assert process.stdout is not None
    process.stdout.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)

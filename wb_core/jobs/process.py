"""Starts the processes that do jobs, and keeps one ready."""

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..base import processes
from ..base.cores import usable_cores
from ..base.processes import INHERITED, ONE_THREAD, Worker

BOOT = """
import sys
sys.path.insert(0, sys.argv[1])
from wb_core.jobs.worker import main
main(sys.argv[2])
"""
# Environment variables that say where the data is, and which GPUs may be used.
NEEDED = (
    *("WB_DATA_DIR", "XDG_CACHE_HOME", "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_HOME", "CUDA_PATH"),
    *("NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES", "PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF"),
)
# pandas imports pyarrow, whose allocator would start a background thread; only a single thread can be forked.
OURS = {**ONE_THREAD, "JE_ARROW_MALLOC_CONF": "background_thread:false"}


def forker() -> Worker:
    """A process that forks a child for each job. It sees no GPU, because CUDA does not survive a fork."""
    return processes.Forker(_start_forker)


def spare() -> Worker:
    """A process for one job, on any device."""
    return processes.Spare(_start)


class Ready:
    """Keeps a process ready that `new` starts: one for all jobs, or a fresh one for each job."""

    def __init__(self, new: Callable[[], Worker]) -> None:
        self._new = new
        self._lock = threading.Lock()
        self._worker: Worker | None = None

    def warm_up(self) -> Worker:
        """Start the process if none is running, without waiting until it is ready."""
        with self._lock:
            return self._one()

    def take(self) -> Worker:
        """A process for one job."""
        with self._lock:
            worker = self._one()
            if worker.for_one:
                self._worker = self._new()
            return worker

    def stop(self) -> None:
        """End the process that is kept ready."""
        with self._lock:
            if self._worker is not None:
                self._worker.stop()
                self._worker = None

    def _one(self) -> Worker:
        if self._worker is None or not self._worker.alive():
            if self._worker is not None:
                self._worker.stop()
            self._worker = self._new()
        return self._worker


def _start(mode: str, **streams: Any) -> subprocess.Popen[bytes]:
    return _python(mode, OURS, **streams)


def _start_forker(mode: str, **streams: Any) -> subprocess.Popen[bytes]:
    return _python(mode, {**OURS, "CUDA_VISIBLE_DEVICES": ""}, **streams)


def _python(mode: str, env: dict[str, str], **streams: Any) -> subprocess.Popen[bytes]:
    inherited = (*INHERITED, *NEEDED)
    root = str(Path(__file__).parents[2])
    return processes.start_python(BOOT, root, mode, inherited=inherited, env=env, **streams)


def from_environment() -> int:
    """How many jobs may run at once: WB_WORKERS if that is a whole number of at least 1, else one per core."""
    text = os.environ.get("WB_WORKERS", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return asked or usable_cores()

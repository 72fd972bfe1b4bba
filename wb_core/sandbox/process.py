"""Starts the worker processes, with little of this process's environment."""

import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from ..base import processes
from ..base.processes import INHERITED, ONE_THREAD, Channel, Worker

__all__ = ["Channel", "Forker", "Spare", "Worker"]

# Replaces `wb_core` by an empty package, because the worker needs only the sandbox.
BOOT = """
import sys, types
package = types.ModuleType("wb_core")
package.__path__ = [sys.argv[1]]
sys.modules["wb_core"] = package
from wb_core.sandbox.worker import main
main(*sys.argv[2:])
"""


class Forker(processes.Forker):
    """A worker that forks a child for each file, which the module `opener` opens."""

    def __init__(self, opener: str) -> None:
        super().__init__(partial(_start, opener))


class Spare(processes.Spare):
    """A worker that opens one file itself."""

    def __init__(self, opener: str) -> None:
        super().__init__(partial(_start, opener))


def _start(opener: str, mode: str, **streams: Any) -> subprocess.Popen[bytes]:
    env = {**ONE_THREAD, "CUDA_VISIBLE_DEVICES": ""}
    folder = str(Path(__file__).parents[1])
    return processes.start_python(BOOT, folder, opener, mode, inherited=INHERITED, env=env, **streams)

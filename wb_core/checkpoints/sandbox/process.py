"""Starts the worker processes, with little of this process's environment."""

import subprocess
from pathlib import Path
from typing import Any

from ...base import processes
from ...base.processes import INHERITED, ONE_THREAD, Channel, Worker

__all__ = ["Channel", "Forker", "Spare", "Worker"]

# Replaces `wb_core` by an empty package, because the worker needs only the sandbox.
BOOT = """
import sys, types
package = types.ModuleType("wb_core")
package.__path__ = [sys.argv[1]]
sys.modules["wb_core"] = package
from wb_core.checkpoints.sandbox.worker import main
main(sys.argv[2])
"""


class Forker(processes.Forker):
    """A worker that forks a child for each file."""

    def __init__(self) -> None:
        super().__init__(_start)


class Spare(processes.Spare):
    """A worker that opens one file itself."""

    def __init__(self) -> None:
        super().__init__(_start)


def _start(mode: str, **streams: Any) -> subprocess.Popen[bytes]:
    env = {**ONE_THREAD, "CUDA_VISIBLE_DEVICES": ""}
    return processes.start_python(BOOT, str(Path(__file__).parents[2]), mode, inherited=INHERITED, env=env, **streams)

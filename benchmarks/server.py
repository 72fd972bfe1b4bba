"""A Streamlit server on this machine's loopback, and its memory."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
START = 120  # seconds that a start may take on a busy machine
SETTLING = 20  # measurements of memory before the last one is used
OPTIONS = ("--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false")


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and its log file."""

    address: str
    pid: int
    log: Path

    def memory(self) -> float:
        """Resident memory of the server and the processes it has started, in MB; 0 where Linux's /proc is missing."""
        return sum(_resident(pid) for pid in (self.pid, *self.children())) / 1e6

    def children(self) -> list[int]:
        """The pids of the processes that it has started, and of theirs."""
        return _descendants(self.pid)

    def settled_memory(self) -> float:
        """The same, once it has changed by at most 1% for three seconds, because helpers may still be starting."""
        before = self.memory()
        for _ in range(SETTLING):
            time.sleep(3)
            now = self.memory()
            if abs(now - before) <= 0.01 * before:
                break
            before = now
        return now

    def complaints(self) -> list[str]:
        """The errors in its log so far."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if "Traceback" in line or "Error" in line or "ERROR" in line]


@contextmanager
def serve(app: Path = ROOT / "app.py") -> Iterator[Server]:
    """Start a server of that app, with the settings in the `.streamlit` folder next to it, if there is one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app.name, f"--server.port={port}", *OPTIONS]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "server.log")
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, cwd=app.parent, env=environment, stdout=file, stderr=file, start_new_session=True
            )
        server = Server(f"http://127.0.0.1:{port}", process.pid, log)
        try:
            _wait(process, server)
            yield server
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], server: Server) -> None:
    deadline = time.monotonic() + START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{server.log.read_text(encoding='utf-8', errors='replace')}")


def _end(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):  # it has ended in between
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_descendants(child)]
    return found

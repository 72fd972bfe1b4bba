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
SECOND_START = 15  # seconds until the other processes of several have started, too
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

    def seconds(self) -> float:
        """The time of a core that all of these have taken so far."""
        return sum(_seconds(pid) for pid in (self.pid, *self.children()))

    def redis(self) -> str:
        """The address of the Redis that its processes share."""
        for pid in self.children():
            for setting in Path(f"/proc/{pid}/environ").read_text(errors="replace").split("\0"):
                if setting.startswith("WB_REDIS_URL="):
                    return setting.partition("=")[2]
        raise RuntimeError("no process has a Redis")

    def named(self, word: str) -> list[int]:
        """The pids of the processes whose command has this word."""
        return [pid for pid in self.children() if word in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")]

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
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", app.name, f"--server.port={port}", *OPTIONS]
    with _started(command, app.parent, port) as server:
        yield server


@contextmanager
def deployed(processes: int) -> Iterator[Server]:
    """Start the workbench as several processes behind HAProxy."""
    port = _free_port()
    command = [sys.executable, "-m", "deploy", f"--processes={processes}", f"--port={port}"]
    with _started(command, ROOT, port) as server:
        time.sleep(SECOND_START)  # the address answers as soon as one process does
        yield server


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def _started(command: list[str], folder: Path, port: int) -> Iterator[Server]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as logs:
        log = Path(logs, "server.log")
        with log.open("ab") as file:
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=file, stderr=file, start_new_session=True
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


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it has ended in between
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_descendants(child)]
    return found

"""The app as a user starts it: `streamlit run app.py`, in its own process."""

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
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 90  # for a start on a slow machine


class Address(str):
    """The address of a server, and the id of its process."""

    pid: int


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serve(port: int | None = None, *, streamlit: str = "streamlit", **options: object) -> Iterator[Address]:
    """Start a server with these options of its section, such as `baseUrlPath`, and yield its address."""
    options = {"port": port or free_port(), "headless": "true", **options}
    command = [sys.executable, "-m", streamlit, "run", "app.py"]
    command += [f"--server.{name}={value}" for name, value in options.items()]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        try:
            address = Address(f"http://127.0.0.1:{options['port']}")
            address.pid = process.pid
            _wait(process, address, log)
            yield address
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], address: str, log: "tempfile._TemporaryFileWrapper[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)  # until the next attempt to connect
    log.seek(0)
    raise RuntimeError(f"the server did not start:\n{log.read().decode(errors='replace')}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server with all its children."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGTERM)
    else:
        process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

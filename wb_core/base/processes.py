"""Worker processes that have torch loaded before work arrives: the server's end and the worker's end.

On Linux one process forks a child for each task. Elsewhere each task uses up a spare process: Windows has no fork, and
macOS cannot fork safely once the system's frameworks are loaded.

This is `subprocess` and not `multiprocessing`, which would import `__main__` again: under Streamlit, the page that ran
last.
"""

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol

# What Python and its libraries need in order to run. Nothing else of the environment is passed on, so no secrets are.
INHERITED = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "LD_LIBRARY_PATH"),
    *("DYLD_LIBRARY_PATH", "SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP", "TMP"),
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Channel:
    """A connection to the process that does one task. `close`, from any thread, ends a blocked read."""

    reader: IO[bytes]
    write: Callable[[bytes], object]
    close: Callable[[], object]

    def send(self, message: bytes) -> None:
        """Send a whole message; does nothing if the other end is closed."""
        with contextlib.suppress(OSError):
            self.write(message)

    def receive(self, most: int) -> bytes:
        """Read until the other end closes, up to `most` bytes."""
        try:
            return self.reader.read(most)
        except OSError:
            return b""

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Close the channel if the block takes longer than this."""
        timer = threading.Timer(seconds, self.close)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class Worker(Protocol):
    """A process with torch loaded, for many tasks or for one."""

    for_one: bool

    def alive(self) -> bool: ...
    def channel(self) -> contextlib.AbstractContextManager[Channel]: ...
    def stop(self) -> None: ...


class Start(Protocol):
    """Starts a process in a mode, "fork" or "once". The process ends when its stdin closes."""

    def __call__(self, mode: str, **streams: Any) -> subprocess.Popen[bytes]: ...


class Forker:
    """A worker that forks a child for each task, each with its own channel."""

    for_one = False

    def __init__(self, start: Start) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = start("fork", stdin=theirs, stdout=subprocess.DEVNULL)

    def alive(self) -> bool:
        return self._process.poll() is None

    @contextlib.contextmanager
    def channel(self) -> Iterator[Channel]:
        ours, theirs = socket.socketpair()
        with ours, ours.makefile("rb") as reader:
            with theirs:
                socket.send_fds(self._control, [b"."], [theirs.fileno()])

            def close() -> None:
                with contextlib.suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)

            yield Channel(reader, ours.sendall, close)

    def stop(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()


class Spare:
    """A worker that does one task itself."""

    for_one = True

    def __init__(self, start: Start) -> None:
        self._process = start("once", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def alive(self) -> bool:
        return self._process.poll() is None

    @contextlib.contextmanager
    def channel(self) -> Iterator[Channel]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout

        def write(message: bytes) -> None:
            stdin.write(message)
            stdin.flush()

        try:
            yield Channel(stdout, write, self._process.kill)
        finally:
            self.stop()

    def stop(self) -> None:
        self._process.kill()
        with contextlib.suppress(OSError), self._process:  # closes the pipes and waits
            pass


def start_python(
    boot: str, *arguments: str, inherited: Iterable[str], env: Mapping[str, str], **streams: Any
) -> subprocess.Popen[bytes]:
    """Start Python with the program `boot`, the `inherited` variables of our environment, and those of `env`."""
    return subprocess.Popen(  # noqa: S603  # no part of it comes from outside
        # -P: import nothing from the current folder
        [sys.executable, "-P", "-W", "ignore", "-c", boot, *arguments],
        env={name: os.environ[name] for name in inherited if name in os.environ} | dict(env),
        start_new_session=True,  # Ctrl-C is meant for the server alone
        **streams,
    )


Serve = Callable[[IO[bytes], IO[bytes]], None]
"""Reads one task, writes the result, and ends the process."""


def serve_from(mode: str, serve: Serve) -> None:
    """The worker's end, once torch is loaded: "fork" a child for each channel from stdin, or serve "once"."""
    if mode == "fork":
        with socket.socket(fileno=os.dup(0)) as control:
            _fork_for_each(control, serve)
    else:
        serve(sys.stdin.buffer, sys.stdout.buffer)


def _fork_for_each(control: socket.socket, serve: Serve) -> None:
    """Fork a child for each channel that arrives, until the sender closes. This process must have only one thread."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the children
    gc.freeze()
    while True:
        message, sockets, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            with socket.socket(fileno=sockets[0]) as sock, sock.makefile("rb") as reader, sock.makefile("wb") as writer:
                serve(reader, writer)
        os.close(sockets[0])

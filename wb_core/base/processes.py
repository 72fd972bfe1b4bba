"""Processes that have torch in memory already, kept ready for others to hand work to: both ends of them.

On Linux one such process forks a child for each piece of work. Elsewhere a spare process is used up by each: there is
no fork on Windows, and on macOS a process is not safe to fork once the system's frameworks are loaded.

A plain `subprocess` and not `multiprocessing`, which would import `__main__` again: under Streamlit that is whichever
page ran last.
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

# What Python and its libraries need to be found. Secrets stay here.
INHERITED = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "LD_LIBRARY_PATH"),
    *("DYLD_LIBRARY_PATH", "SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP", "TMP"),
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Channel:
    """A connection to the process that does one piece of work. `close`, called by any thread, ends a waiting read."""

    reader: IO[bytes]
    write: Callable[[bytes], object]
    close: Callable[[], object]

    def send(self, message: bytes) -> None:
        """Send all of a message; does nothing if the other end is closed."""
        with contextlib.suppress(OSError):
            self.write(message)

    def receive(self, most: int) -> bytes:
        """What the other side sends until it ends, up to `most` bytes."""
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
    """A process with torch in it, for many pieces of work or for one."""

    for_one: bool

    def alive(self) -> bool: ...
    def channel(self) -> contextlib.AbstractContextManager[Channel]: ...
    def stop(self) -> None: ...


class Start(Protocol):
    """Starts a process in a mode, "fork" or "once"; it ends by itself when its stdin does."""

    def __call__(self, mode: str, **streams: Any) -> subprocess.Popen[bytes]: ...


class Forker:
    """A worker that forks a child for each piece of work, each with a channel of its own."""

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
    """A worker that does one piece of work itself."""

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
    """A Python process that runs the program `boot`, with these variables of our environment and those of `env`."""
    return subprocess.Popen(  # noqa: S603  # all of it is ours
        # -P: the folder that the server happens to run in is not a place to import from
        [sys.executable, "-P", "-W", "ignore", "-c", boot, *arguments],
        env={name: os.environ[name] for name in inherited if name in os.environ} | dict(env),
        start_new_session=True,  # Ctrl-C is for the server
        **streams,
    )


Serve = Callable[[IO[bytes], IO[bytes]], None]
"""Does the one piece of work that comes from the reader, answers the writer, and ends the process."""


def serve_from(mode: str, serve: Serve) -> None:
    """The other end, once torch is in memory: "fork" a child for each channel from stdin, or run "once"."""
    if mode == "fork":
        with socket.socket(fileno=os.dup(0)) as control:
            _fork_for_each(control, serve)
    else:
        serve(sys.stdin.buffer, sys.stdout.buffer)


def _fork_for_each(control: socket.socket, serve: Serve) -> None:
    """Fork a child for each channel that comes, until the sender closes. This process must have one thread."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel clears the children away
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

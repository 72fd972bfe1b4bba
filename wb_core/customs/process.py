"""The processes that open files: how they are started, talked to and ended.

A plain `subprocess` and not `multiprocessing`, which would import `__main__` again: under Streamlit that is whichever
page ran last.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

# A stand-in for `wb_core` whose __init__ does not run: the worker needs the customs and not the engine.
BOOT = """
import sys, types
package = types.ModuleType("wb_core")
package.__path__ = [sys.argv[1]]
sys.modules["wb_core"] = package
from wb_core.customs.worker import main
main(sys.argv[2])
"""
# What Python and its libraries need to be found. Secrets stay here.
INHERITED = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "LD_LIBRARY_PATH"),
    *("DYLD_LIBRARY_PATH", "SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP", "TMP"),
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


@dataclass(frozen=True)
class Line:
    """A connection to the process that opens one file. `hang_up`, called by any thread, ends a read that waits."""

    reader: IO[bytes]
    write: Callable[[bytes], object]
    hang_up: Callable[[], object]

    def send(self, message: bytes) -> None:
        """Send all of a message; nothing happens if nobody is there any more."""
        with contextlib.suppress(OSError):
            self.write(message)

    def receive(self, most: int) -> bytes:
        """What the other side sends until it ends, but not more than so many bytes."""
        try:
            return self.reader.read(most)
        except OSError:
            return b""

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Hang up if the block takes longer than this."""
        timer = threading.Timer(seconds, self.hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class Worker(Protocol):
    """A process with torch in it, for many files or for one."""

    for_one_file: bool

    def alive(self) -> bool: ...
    def line(self) -> contextlib.AbstractContextManager[Line]: ...
    def stop(self) -> None: ...


class Forker:
    """A worker that forks a child for each file, at the other end of a line of its own."""

    for_one_file = False

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = _start("fork", stdin=theirs, stdout=subprocess.DEVNULL)

    def alive(self) -> bool:
        return self._process.poll() is None

    @contextlib.contextmanager
    def line(self) -> Iterator[Line]:
        ours, theirs = socket.socketpair()
        with ours, ours.makefile("rb") as reader:
            with theirs:
                socket.send_fds(self._control, [b"."], [theirs.fileno()])

            def hang_up() -> None:
                with contextlib.suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)

            yield Line(reader, ours.sendall, hang_up)

    def stop(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()


class Spare:
    """A worker that opens one file itself."""

    for_one_file = True

    def __init__(self) -> None:
        self._process = _start("once", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def alive(self) -> bool:
        return self._process.poll() is None

    @contextlib.contextmanager
    def line(self) -> Iterator[Line]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout

        def write(message: bytes) -> None:
            stdin.write(message)
            stdin.flush()

        try:
            yield Line(stdout, write, self._process.kill)
        finally:
            self.stop()

    def stop(self) -> None:
        self._process.kill()
        with contextlib.suppress(OSError), self._process:  # closes the pipes and waits
            pass


def _start(mode: str, **streams: Any) -> subprocess.Popen[bytes]:
    """A worker process; it ends by itself when its stdin does, so it does not outlive this process."""
    return subprocess.Popen(  # noqa: S603  # all of it is ours
        # -P: the folder that the server happens to run in is not a place to import from
        [sys.executable, "-P", "-W", "ignore", "-c", BOOT, str(Path(__file__).parents[1]), mode],
        env={name: os.environ[name] for name in INHERITED if name in os.environ} | ONE_THREAD,
        start_new_session=True,  # Ctrl-C is for the server
        **streams,
    )

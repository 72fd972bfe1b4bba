"""The full FashionMNIST from the network: fetched once, in the background, for everybody on this server."""

import contextlib
import errno
import logging
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import pooch  # type: ignore[import-untyped]
import requests

from ....base.errors import DataError


class Remote(NamedTuple):
    """A file to fetch: its checksum in the form "md5:...", and its size in bytes."""

    md5: str
    size: int


ADDRESS = "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"
FILES = {
    "train-images-idx3-ubyte.gz": Remote("md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
    "train-labels-idx1-ubyte.gz": Remote("md5:25c81989df183df01b3e8a0aad5dffbe", 29_515),
    "t10k-images-idx3-ubyte.gz": Remote("md5:bef4ecab320f06d8554ea6380940ec79", 4_422_102),
    "t10k-labels-idx1-ubyte.gz": Remote("md5:bb300cfdad3c16e7a12a480ee83cd310", 5_148),
}
# To wait 5 s for a connection, 10 s for the next bytes. The checksum is that of the file as it is, still packed.
HTTP = {"chunk_size": 2**14, "timeout": (5, 10), "headers": {"Accept-Encoding": "identity"}}
STALE = 60.0
"""Seconds without a write after which a partial file counts as abandoned."""


def cache_folder() -> Path:
    """Where downloaded files are kept on this machine. It need not be there."""
    return Path(pooch.os_cache("torch-workbench"), "fashion-mnist")


@dataclass(frozen=True)
class Progress:
    """How far a download is: `arrived` of `total` bytes, and the `error` of one that has "failed"."""

    state: Literal["idle", "running", "done", "failed"]
    arrived: int
    total: int
    error: DataError | None = None


@dataclass
class _Bar:
    """What pooch tells how far a file is: as much of a progress bar of tqdm as it uses."""

    size: int
    arrived: int = 0
    total: int = 0  # pooch writes here what the server says

    def update(self, count: int) -> None:
        self.arrived = min(self.arrived + count, self.size)  # pooch counts the last piece as if it were a full one

    def reset(self) -> None: ...  # at the end pooch counts everything again; the bar stays full

    def close(self) -> None: ...


class Download:
    """Fetches `files` from an address into a folder, in a thread of its own, for all who ask at once.

    A file is in the folder only once it is whole and its checksum is right, and is not fetched again then.
    """

    def __init__(self, address: str = ADDRESS, folder: Path | None = None, files: Mapping[str, Remote] = FILES) -> None:
        self._address, self._folder, self._files = address, folder, files
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._begin()

    def start(self) -> None:
        """Fetch what is missing or damaged, if anything is. While that runs, this does nothing."""
        with self._lock:
            if not self._running():
                self._begin()
                self._thread = threading.Thread(target=self._run, name="download", daemon=True)
                self._thread.start()

    def wait(self, seconds: float | None = None) -> Progress:
        """Wait up to `seconds` for the end of the download."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self.progress()

    def progress(self) -> Progress:
        """How far it is, told at once. After a failure `arrived` is what is kept.

        The codes of an error: `data.no_network` (`host`), `data.not_served` (`host`, `file`, `status`),
        `data.bad_download` (`file`), `data.no_space` and `data.not_writable`.
        """
        with self._lock:
            bars, running = self._bars.values(), self._running()
            arrived, total = sum(bar.arrived for bar in bars), sum(bar.size for bar in bars)
            return Progress("running" if running else self._end, arrived, total, None if running else self._error)

    def _begin(self) -> None:
        self._bars = {name: _Bar(file.size) for name, file in self._files.items()}
        self._end: Literal["idle", "done", "failed"] = "idle"
        self._error: DataError | None = None

    def _running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._fetch(self._folder or cache_folder())
            self._end = "done"
        except DataError as error:
            self._error, self._end = error, "failed"

    def _fetch(self, folder: Path) -> None:
        pooch.get_logger().setLevel(logging.WARNING)  # or it prints a line for every file
        _tidy(folder)
        keeper = pooch.create(folder, self._address, registry={name: file.md5 for name, file in self._files.items()})
        with contextlib.ExitStack() as answers:  # pooch leaves those open that broke off
            hooks = {"response": lambda answer, **_: answers.enter_context(answer)}
            for name, bar in self._bars.items():
                try:
                    keeper.fetch(name, downloader=pooch.HTTPDownloader(progressbar=bar, hooks=hooks, **HTTP))
                except (OSError, ValueError) as error:
                    bar.arrived = 0
                    raise _reason(error, name, self._address) from error
                bar.arrived = bar.size  # it may have been there before


def _reason(error: OSError | ValueError, name: str, address: str) -> DataError:
    """What went wrong with a file. Among these errors are those of requests, and pooch's own about a checksum."""
    if isinstance(error, requests.RequestException):
        host = urlsplit(str(error.request.url if error.request else address)).hostname  # others may be redirected to
        if error.response is not None:
            status = error.response.status_code
            message = f"{host} does not give out {name}: it answers {status}; try again later"
            return DataError("data.not_served", message, host=host, file=name, status=status)
        message = f"{host} cannot be reached, or the connection broke; check the network, then try again"
        return DataError("data.no_network", message, host=host)
    if isinstance(error, ValueError):
        message = f"what arrived is not {name}: its checksum is another; try again, or from another network"
        return DataError("data.bad_download", message, file=name)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DataError("data.no_space", "there is no space left for the full set; make room, then try again")
    message = "the folder for downloads cannot be written to; WB_DATA_DIR may name a folder with the four files"
    return DataError("data.not_writable", message)


def _tidy(folder: Path) -> None:
    """Remove pooch's temporary files that a server left when it was ended in the middle of a file."""
    with contextlib.suppress(OSError):  # another server may tidy up too, and what stays does no harm
        for path in folder.glob(f"{tempfile.gettempprefix()}*"):
            if time.time() - path.stat().st_mtime > STALE:
                path.unlink()


DOWNLOAD = Download()
"""The download of the full set on this server."""

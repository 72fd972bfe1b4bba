"""Downloads the full FashionMNIST once, in the background, for all visitors of this server."""

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
# Timeouts: 5 s for a connection, 10 s for the next bytes. The checksums are those of the gzipped files.
HTTP = {"chunk_size": 2**14, "timeout": (5, 10), "headers": {"Accept-Encoding": "identity"}}
STALE = 60.0
"""A partial file that has not changed for this many seconds is abandoned."""


def cache_folder() -> Path:
    """The folder for downloaded files on this machine. It may not exist yet."""
    return Path(pooch.os_cache("torch-workbench"), "fashion-mnist")


@dataclass(frozen=True)
class Progress:
    """The progress of a download: `arrived` of `total` bytes, and the `error` if it "failed"."""

    state: Literal["idle", "running", "done", "failed"]
    arrived: int
    total: int
    error: DataError | None = None


@dataclass
class _Bar:
    """Receives pooch's progress: the part of tqdm's progress bar that pooch uses."""

    size: int
    arrived: int = 0
    total: int = 0  # pooch sets it to the size that the server reports

    def update(self, count: int) -> None:
        self.arrived = min(self.arrived + count, self.size)  # pooch counts the last chunk as a full one

    def reset(self) -> None: ...  # at the end pooch resets and recounts; the bar stays full

    def close(self) -> None: ...


class Download:
    """Downloads `files` from an address into a folder, in a thread of its own, once for all callers.

    A file appears in the folder only when it is complete and its checksum is right. It is not downloaded again then.
    """

    def __init__(self, address: str = ADDRESS, folder: Path | None = None, files: Mapping[str, Remote] = FILES) -> None:
        self._address, self._folder, self._files = address, folder, files
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._begin()

    def start(self) -> None:
        """Download the files that are missing or damaged; does nothing while a download runs."""
        with self._lock:
            if not self._running():
                self._begin()
                self._thread = threading.Thread(target=self._run, name="download", daemon=True)
                self._thread.start()

    def wait(self, seconds: float | None = None) -> Progress:
        """Wait for the download to end, for at most `seconds`."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self.progress()

    def progress(self) -> Progress:
        """The current progress. After a failure `arrived` counts the finished files.

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
        pooch.get_logger().setLevel(logging.WARNING)  # otherwise it prints a line for every file
        _tidy(folder)
        source = pooch.create(folder, self._address, registry={name: file.md5 for name, file in self._files.items()})
        with contextlib.ExitStack() as responses:  # pooch does not close a response that broke off
            hooks = {"response": lambda response, **_: responses.enter_context(response)}
            for name, bar in self._bars.items():
                try:
                    source.fetch(name, downloader=pooch.HTTPDownloader(progressbar=bar, hooks=hooks, **HTTP))
                except (OSError, ValueError) as error:
                    bar.arrived = 0
                    raise _reason(error, name, self._address) from error
                bar.arrived = bar.size  # also for a file that was there before


def _reason(error: OSError | ValueError, name: str, address: str) -> DataError:
    """Why a file could not be downloaded. The error may be from requests, or pooch's own about a checksum."""
    if isinstance(error, requests.RequestException):
        host = urlsplit(
            str(error.request.url if error.request else address)
        ).hostname  # a redirect may lead to another host
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
    """Remove the temporary files of pooch that a server left behind when it was stopped during a download."""
    with contextlib.suppress(OSError):  # another server may do the same, and leftovers do no harm
        for path in folder.glob(f"{tempfile.gettempprefix()}*"):
            if time.time() - path.stat().st_mtime > STALE:
                path.unlink()


DOWNLOAD = Download()
"""The download of the full set on this server."""

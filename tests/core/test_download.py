"""Downloads from a local server: one that works, and others that break, lie, refuse or stay silent."""

import errno
import gc
import hashlib
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pooch
import pytest

from wb_core.kinds.images.data import download, fashion
from wb_core.kinds.images.data.download import Download, Progress, Remote

CONTENT = {name: name.encode() * count for name, count in zip(download.FILES, (4000, 40, 2000, 10), strict=True)}
FIRST, SECOND, THIRD, FOURTH = CONTENT
FILES = {name: Remote(f"md5:{hashlib.md5(data).hexdigest()}", len(data)) for name, data in CONTENT.items()}
TOTAL = sum(map(len, CONTENT.values()))
ENOUGH = 20


class Server(ThreadingHTTPServer):
    """Serves `content`; stops halfway through `broken`, and waits there for `gate` if it is `slow`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.asked, self.broken, self.slow = dict(CONTENT), [], None, None
        self.gate = threading.Event()
        self.address = f"http://127.0.0.1:{self.server_port}/data/"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.removeprefix("/data/")
        self.server.asked.append(name)
        data = self.server.content.get(name)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        half = len(data) // 2
        self.wfile.write(data[:half])
        if name == self.server.slow:
            self.server.gate.wait(ENOUGH)
        if name != self.server.broken:
            self.wfile.write(data[half:])

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.gate.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "fashion-mnist"


def fetch(address, folder):
    one = Download(address, folder, FILES)
    one.start()
    return one.wait(ENOUGH)


def failure(progress, code, **values):
    assert progress.state == "failed"
    assert progress.error.code == code
    assert progress.error.values == values
    assert all(str(value) in progress.error.message for value in values.values() if value != values.get("status"))
    assert "/" not in progress.error.message
    return progress.error


def kept(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_four_files_are_downloaded_without_output(server, cache, monkeypatch):
    said = []
    monkeypatch.setattr(pooch.get_logger(), "handle", said.append)
    assert Download(server.address, cache, FILES).progress() == Progress("idle", 0, TOTAL)
    assert fetch(server.address, cache) == Progress("done", TOTAL, TOTAL)
    assert kept(cache) == CONTENT
    assert server.asked == list(FILES)
    assert said == []


def test_an_existing_set_is_not_downloaded_again(server, cache):
    one = Download(server.address, cache, FILES)
    for _ in range(2):
        one.start()
        assert one.wait(ENOUGH) == Progress("done", TOTAL, TOTAL)
    assert fetch(server.address, cache).state == "done"
    assert server.asked == list(FILES)


def test_progress_grows_within_a_file_and_a_second_start_changes_nothing(server, cache):
    server.slow = FIRST
    one = Download(server.address, cache, FILES)
    one.start()
    while (progress := one.wait(0.001)).arrived == 0:
        assert progress == Progress("running", 0, TOTAL)
    one.start()
    assert progress.state == one.progress().state == "running"
    assert 0 < progress.arrived <= one.progress().arrived < len(CONTENT[FIRST])
    assert not (cache / FIRST).exists()
    server.gate.set()
    assert one.wait(ENOUGH) == Progress("done", TOTAL, TOTAL)
    assert server.asked == list(FILES)


def test_progress_never_decreases(server, cache):
    one = Download(server.address, cache, FILES)
    seen = []
    told = download._Bar.update

    def update(bar, count):
        told(bar, count)
        seen.append(one.progress().arrived)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(download._Bar, "update", update)
        one.start()
        assert one.wait(ENOUGH).state == "done"
    assert seen == sorted(seen)
    assert len(set(seen)) > len(FILES)
    assert seen[-1] == TOTAL


def test_concurrent_starts_share_one_download(server, cache):
    one = Download(server.address, cache, FILES)
    together = threading.Barrier(8)

    def visit():
        together.wait()
        one.start()

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert one.wait(ENOUGH).state == "done"
    assert server.asked == list(FILES)


def test_a_retry_after_a_broken_connection_downloads_the_missing_files(server, cache):
    server.broken = SECOND
    one = Download(server.address, cache, FILES)
    one.start()
    progress = one.wait(ENOUGH)
    failure(progress, "data.no_network", host="127.0.0.1")
    assert progress.arrived == len(CONTENT[FIRST])
    assert kept(cache) == {FIRST: CONTENT[FIRST]}
    server.broken = None
    server.asked.clear()
    one.start()
    assert one.wait(ENOUGH) == Progress("done", TOTAL, TOTAL)
    assert server.asked == [SECOND, THIRD, FOURTH]
    assert kept(cache) == CONTENT


def test_a_file_with_another_checksum_is_named_and_not_kept(server, cache):
    server.content[THIRD] = b"<html>Please log in to this network</html>"
    failure(fetch(server.address, cache), "data.bad_download", file=THIRD)
    assert kept(cache) == {name: CONTENT[name] for name in (FIRST, SECOND)}


def test_a_damaged_file_in_the_cache_is_downloaded_again(server, cache):
    fetch(server.address, cache)
    server.asked.clear()
    (cache / THIRD).write_bytes(CONTENT[THIRD][:-1] + b"?")
    assert fetch(server.address, cache).state == "done"
    assert server.asked == [THIRD]
    assert kept(cache) == CONTENT


def test_a_file_missing_on_the_server_is_named(server, cache):
    del server.content[FOURTH]
    error = failure(fetch(server.address, cache), "data.not_served", host="127.0.0.1", file=FOURTH, status=404)
    assert "404" in error.message
    assert set(kept(cache)) == {FIRST, SECOND, THIRD}
    del error
    gc.collect()  # an unclosed connection would warn here


def test_a_refused_connection_is_no_network(cache, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
    failure(fetch(f"http://127.0.0.1:{port}/", cache), "data.no_network", host="127.0.0.1")
    assert kept(cache) == {}


def test_a_silent_server_is_no_network(server, cache, monkeypatch):
    monkeypatch.setitem(download.HTTP, "timeout", (0.2, 0.2))
    server.slow = FIRST
    failure(fetch(server.address, cache), "data.no_network", host="127.0.0.1")
    assert kept(cache) == {}


def test_a_dead_network_fails_within_the_timeouts():
    assert sum(download.HTTP["timeout"]) <= 15


def test_an_unwritable_folder_is_reported(server, tmp_path):
    (tmp_path / "cache").write_bytes(b"")
    failure(fetch(server.address, tmp_path / "cache" / "fashion-mnist"), "data.not_writable")
    failure(fetch(server.address, tmp_path / ("long" * 100)), "data.not_writable")
    assert server.asked == []


def test_a_full_disk_is_reported(server, cache, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", full)
    failure(fetch(server.address, cache), "data.no_space")
    assert kept(cache) == {}


def test_abandoned_temporary_files_are_removed_and_recent_ones_kept(server, cache):
    cache.mkdir(parents=True)
    for name in ("tmpleft", "tmpnow"):
        (cache / name).write_bytes(b"half")
    os.utime(cache / "tmpleft", (0, 0))
    assert fetch(server.address, cache).state == "done"
    assert kept(cache) == CONTENT | {"tmpnow": b"half"}


def test_the_full_set_is_found_in_the_download_folder(server, tmp_path, monkeypatch):
    cache, debian, named = (tmp_path / name for name in ("cache", "debian", "named"))
    monkeypatch.delenv(fashion.FOLDER, raising=False)
    monkeypatch.setattr(fashion, "DEBIAN", debian)
    monkeypatch.setattr(fashion, "cache_folder", lambda: tmp_path / ("long" * 100))  # no name for a file
    assert fashion.find_folder() is None
    monkeypatch.setattr(fashion, "cache_folder", lambda: cache)
    server.broken = FOURTH
    assert fetch(server.address, cache).state == "failed"
    assert fashion.find_folder() is None
    server.broken = None
    assert fetch(server.address, cache).state == "done"
    assert fashion.find_folder() == cache
    fetch(server.address, debian)
    assert fashion.find_folder() == debian
    monkeypatch.setenv(fashion.FOLDER, str(named))
    assert fashion.find_folder() == cache  # the files are in the cache, not in the named folder
    fetch(server.address, named)
    assert fashion.find_folder() == named


def test_the_server_downloads_the_full_set_into_its_own_cache(monkeypatch, server, cache):
    assert list(download.FILES) == [f"{name}.gz" for name in fashion._names()]
    assert download.DOWNLOAD.progress() == Progress("idle", 0, 30_878_645)
    assert download.cache_folder().parts[-1] == "fashion-mnist"
    assert "torch-workbench" in download.cache_folder().parts
    monkeypatch.setattr(download, "cache_folder", lambda: cache)
    assert fetch(server.address, None).state == "done"
    assert kept(cache) == CONTENT

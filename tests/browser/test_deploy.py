"""Several server processes behind HAProxy: a visitor stays with one, and loses nothing when it is killed.

Those in a room see each other from different processes.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.room import Listening, listening
from benchmarks.stream import Page
from deploy.__main__ import find, free_ports, main, write
from pages.ui.room.redis_store import RedisStore
from pages.ui.room.rooms import Rooms
from pages.ui.room.seats import Key, OnShow, RoomError
from tests.browser.server import ROOT, free_port
from tests.browser.test_nothing_lost import SETTINGS, everything_is_back, guest, train_continue_and_save
from tests.coroutines import result_of
from tests.processes import descendants_of, is_alive
from tests.waiting import wait_until
from wb_core.lessons import Attempt

PROGRAMS = {name: find(name) for name in ("haproxy", "redis-server", "supervisord")}
HAPROXY = PROGRAMS["haproxy"]
MISSING = [name for name, program in PROGRAMS.items() if not program]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for the processes in /proc"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]
BACK = 10_000  # milliseconds until a visitor is with another process


@contextmanager
def deployed(processes: int) -> Iterator[tuple[str, int]]:
    """The address of that many processes, and the id of the process that starts them."""
    port = free_port()
    command = [sys.executable, "-m", "deploy", f"--processes={processes}", f"--port={port}"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert f"http://127.0.0.1:{port} " in next(line for line in process.stdout if "Torch Workbench" in line)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            started = descendants_of(process.pid)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
            wait_until(lambda: not any(map(is_alive, started)))


def server_process(pid: int, number: int) -> int:
    """The id of the server process with this number in the configuration."""
    found = []
    for one in descendants_of(pid):
        words = Path(f"/proc/{one}/cmdline").read_text().split("\0")
        found += [(int(word.partition("=")[2]), one) for word in words if word.startswith("--server.port=")]
    ports = [port for port, _ in found]
    assert len(set(ports)) == 2
    return dict(found)[port_of(pid, number)]


def port_of(pid: int, number: int) -> int:
    """The port of a server process, as HAProxy has it."""
    [folder] = {
        Path(word).parent
        for one in descendants_of(pid)
        for word in Path(f"/proc/{one}/cmdline").read_text().split("\0")
        if word.endswith("haproxy.cfg")
    }
    [line] = [line for line in (folder / "haproxy.cfg").read_text().splitlines() if f"server p{number} " in line]
    return int(line.split()[2].rpartition(":")[2])


def cookie_of(address: str) -> str:
    """The name of the process that a new visitor gets."""
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=30) as response:
        return SimpleCookie("; ".join(response.headers.get_all("Set-Cookie")))["WB"].value


def both_have_started(address: str) -> None:
    """Wait until new visitors get one process or the other."""
    deadline = time.monotonic() + 300
    while (names := {cookie_of(address) for _ in range(4)}) != {"p1", "p2"}:
        assert time.monotonic() < deadline, names
        time.sleep(0.2)


def redis_of(pid: int) -> str:
    """The address of the Redis that the processes share."""
    [address] = {
        setting.removeprefix("WB_REDIS_URL=")
        for one in descendants_of(pid)
        for setting in Path(f"/proc/{one}/environ").read_text().split("\0")
        if setting.startswith("WB_REDIS_URL=")
    }
    return address


def test_visitors_are_spread_and_a_killed_process_loses_nothing_of_a_visit(browser: Browser) -> None:
    with deployed(2) as (address, pid):
        both_have_started(address)
        with guest(browser, address, SETTINGS) as lab:
            train_continue_and_save(lab)
            before = lab.token
            [name] = [one["value"] for one in lab.page.context.cookies() if one["name"] == "WB"]
            os.kill(server_process(pid, int(name.removeprefix("p"))), signal.SIGKILL)
            expect(lab.player).not_to_have_attribute("data-token", before, timeout=BACK)
            everything_is_back(lab)
            [after] = [one["value"] for one in lab.page.context.cookies() if one["name"] == "WB"]
            assert after != name


def test_a_room_reaches_over_processes_and_outlives_one_of_them_and_redis() -> None:
    async def meet(address: str, pid: int, rooms: Rooms) -> None:
        leader = rooms.open()
        here, there = rooms.join(leader.code), rooms.join(leader.code)
        pages = [Page(address, leader, "p1"), Page(address, here, "p1"), Page(address, there, "p2")]
        async with listening(pages) as (wall, *seats):
            rooms.tell(there, OnShow(Attempt("linear", {"seed": "7"})))
            await wall.until(lambda heard: [one["id"] for one in heard.get("seats", ()) if one["show"]] == [there.seat])
            await everybody_hears(rooms.lead(leader, paused=True).turn, seats)
            os.kill(server_process(pid, 2), signal.SIGKILL)
            await everybody_hears(rooms.lead(leader, paused=False).turn, seats)
            assert [page.process for page in pages] == ["p1"] * 3
            [redis] = [one for one in descendants_of(pid) if "redis" in Path(f"/proc/{one}/comm").read_text()]
            os.kill(redis, signal.SIGKILL)
            turn = await asyncio.to_thread(wait_until, lambda: turn_of(rooms, leader), BACK / 1000)
            await everybody_hears(turn, seats)
            assert [seat.id for seat in rooms.seats(leader)] == [here.seat, there.seat]

    with deployed(2) as (address, pid):
        both_have_started(address)
        store = RedisStore(redis_of(pid))
        result_of(meet(address, pid, Rooms(store)))
        store.close()


async def everybody_hears(turn: int, seats: list[Listening]) -> None:
    await asyncio.gather(*(one.until(lambda heard: heard["stage"]["turn"] >= turn, BACK / 1000) for one in seats))


def turn_of(rooms: Rooms, leader: Key) -> int:
    """What the leader shows then; 0 while the rooms cannot be reached."""
    try:
        return rooms.lead(leader, paused=True).turn
    except RoomError:
        return 0


@pytest.mark.parametrize("missing", ["haproxy", "redis-server", "supervisord"])
def test_the_command_says_what_is_missing(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["deploy"])
    monkeypatch.setattr("deploy.__main__.find", lambda name: None if name == missing else "/bin/false")
    assert main() == 1
    said = capsys.readouterr().err
    assert "is missing. Install it" in said
    assert said.count("missing") == 1


def test_haproxy_understands_its_configuration(tmp_path: Path) -> None:
    assert HAPROXY is not None
    write(tmp_path, PROGRAMS, "127.0.0.1", free_port(), free_ports(3))
    checked = subprocess.run([HAPROXY, "-c", "-f", tmp_path / "haproxy.cfg"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "warning" not in (checked.stdout + checked.stderr).lower()

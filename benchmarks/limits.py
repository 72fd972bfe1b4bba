"""What one visitor, and all together, may take from the server: what was tried, and what held."""

import asyncio
import contextlib
import os
import signal
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from streamlit.proto.WidgetStates_pb2 import WidgetState

import wb_core as wb
from tests.core.checkpoint_corpus import bad_files

from .report import Line, show
from .server import Server, serve
from .visitor import Visitor

VISITORS, EPOCHS = 50, 5000
LARGEST = 2 * 2**20  # bytes, `server.maxUploadSize`
FILES, SESSIONS, HANGING, JOBS = 400, 200, 30, 30
KEPT = 65  # seconds: the server keeps a session for 60 after a visitor leaves
WRONG = ({"string_value": "a"}, {"bytes_value": b"\xff"}, {"json_value": "["}, {"string_trigger_value": {"data": "a"}})
HANGS = "zip, bomb: hash of a shared tuple as key"
MILLION = [f"{'ABCD'[number % 4]}_rand_1000x1000_none_n_7" for number in range(60)]
PRODUCTS = ["A_rand_200x200_none_n_7"] + ["B_matmul_A_A"] * 25
LINKS = {
    "60 tensors of a million": ("tensors", "shelf=" + "*".join(MILLION)),
    "products of 200 million": ("tensors", "shelf=" + "*".join(PRODUCTS)),
    "a line of 10,000 points": ("linear", "start=0&end=100&step=0.01&epochs=5000"),
    "a sweep of 100 x 100": ("sweep", "x_steps=100&y_steps=100&seeds=9&epochs=5000"),
}


@contextlib.asynccontextmanager
async def others_wait(server: Server) -> AsyncIterator[list[float]]:
    """Record how long a newcomer waits for a page, again and again."""
    seconds: list[float] = []

    async def come() -> None:
        while True:
            began = time.perf_counter()
            async with Visitor(server.address, "home", ""):
                seconds.append(time.perf_counter() - began)
            await asyncio.sleep(0.5)

    coming = asyncio.create_task(come())
    yield seconds
    coming.cancel()


def trainings(server: Server) -> Iterator[Line]:
    """All press Train at once."""

    async def train(number: int) -> list[str]:
        async with Visitor(server.address, "linear", f"epochs={EPOCHS}&seed={number}") as visitor:
            await visitor.click("Train")
            frames = visitor.player["frames"] if visitor.player["trained"] else 0
            return [*visitor.errors, *([] if frames == EPOCHS else [f"{frames} epochs"])]

    async def crowd() -> tuple[list[str], list[float], float]:
        began = time.perf_counter()
        async with others_wait(server) as waits:
            found = await asyncio.gather(*map(train, range(VISITORS)))
        return [error for errors in found for error in errors], waits, time.perf_counter() - began

    errors, waits, seconds = asyncio.run(crowd())
    what = f"{VISITORS} trainings of {EPOCHS:,} epochs at once"
    yield Line(f"{what}: errors", f"{len(errors)} in {seconds:.0f} s {errors[:1] or ''}", "0", not errors)
    longest = max(waits, default=float("nan"))
    yield Line(f"{what}: a newcomer's page", f"{longest:.1f} s at most, {statistics.median(waits):.1f} s median")


def uploads(server: Server) -> Iterator[Line]:
    """Many files into one visit, and the largest into all."""

    async def one() -> set[int]:
        async with Visitor(server.address, "linear", "") as visitor:
            return {await asyncio.to_thread(visitor.upload, bytes(LARGEST - 1000)) for _ in range(FILES)}

    async def all_at_once() -> list[int]:
        async with contextlib.AsyncExitStack() as stack:
            visits = [Visitor(server.address, "linear", "") for _ in range(VISITORS)]
            visitors = [await stack.enter_async_context(visit) for visit in visits]
            with ThreadPoolExecutor(VISITORS) as pool:
                loop = asyncio.get_running_loop()
                sent = [loop.run_in_executor(pool, visitor.upload, bytes(LARGEST - 1000)) for visitor in visitors]
                return await asyncio.gather(*sent)

    before = server.settled_memory()
    statuses = asyncio.run(one())
    grown = server.memory() - before
    yield Line(
        f"{FILES} files of 2 MB into one visit", f"{grown:+.0f} MB, status {statuses}", "at most 40 MB", grown <= 40
    )
    taken = asyncio.run(all_at_once()).count(204)
    figure = f"{taken} taken, {server.memory() - before:+.0f} MB"
    yield Line(f"{VISITORS} visits upload 2 MB at once", figure, f"{VISITORS}", taken == VISITORS)


def hanging_files() -> Iterator[Line]:
    """A good file beside many that hang the process that opens them."""
    good, bad = wb.save_checkpoint(wb.Run(wb.LinearConfig())), bad_files(Path("unused"))[HANGS]
    wb.read_checkpoint(good)

    def refused(_number: int) -> str:
        try:
            wb.read_checkpoint(bad)
        except wb.CheckpointError as error:
            return error.code
        return "accepted"

    with ThreadPoolExecutor(HANGING) as pool:
        codes = [pool.submit(refused, number) for number in range(HANGING)]
        time.sleep(0.1)
        began = time.perf_counter()
        wb.read_checkpoint(good)
        seconds = time.perf_counter() - began
        found = {code.result() for code in codes}
    right = seconds <= 5 and found <= {"checkpoint.time_limit", "checkpoint.busy"}
    yield Line(f"a good file beside {HANGING} that hang", f"{seconds:.1f} s, {sorted(found)}", "at most 5 s", right)


def jobs() -> Iterator[Line]:
    """Somebody else's run of one epoch beside many long ones of one visitor."""
    work = wb.LocalWorkers()
    short, long = wb.ImageConfig(epochs=1), wb.ImageConfig(model="tiny_vgg", epochs=50)

    def took(owner: str) -> float:
        began = time.perf_counter()
        ticket = work.submit(wb.Job(short, owner=owner))
        while not work.poll(ticket).finished:
            time.sleep(0.02)
        return time.perf_counter() - began

    try:
        took("first")  # starts the processes
        alone = took("alone")
        for _ in range(JOBS):
            work.submit(wb.Job(long, owner="greedy"))
        time.sleep(1)
        seconds = took("other")
    finally:
        work.stop()
    figure = f"{seconds:.1f} s, alone {alone:.1f} s"
    yield Line(f"one epoch beside {JOBS} image jobs of one visitor", figure, "at most 5 s", seconds <= 5)


def links(server: Server) -> Iterator[Line]:
    """Links that make the server compute."""
    for what, (page, query) in LINKS.items():
        began = time.perf_counter()
        errors = asyncio.run(_opened(server, page, query))
        seconds = time.perf_counter() - began
        figure = f"{seconds:.1f} s {errors[:1] or ''}"
        yield Line(f"a link to {what}", figure, "at most 5 s", seconds <= 5)


async def _opened(server: Server, page: str, query: str) -> list[str]:
    async with Visitor(server.address, page, query) as visitor:
        return visitor.errors


def wrong_values(server: Server) -> Iterator[Line]:
    """Values of every wrong type, for every widget of some pages, by hand-made messages."""

    async def visit(page: str) -> tuple[int, list[str]]:
        async with Visitor(server.address, page, "") as visitor:
            for value in WRONG:
                await visitor.send(*(WidgetState(id=widget, **value) for widget in visitor.widgets))
            return len(WRONG) * len(visitor.widgets), visitor.errors

    async def tour() -> list[tuple[int, list[str]]]:
        return [await visit(page) for page in ("tensors", "linear", "step", "images", "sweep", "compare", "device")]

    found = asyncio.run(tour())
    values, errors = sum(count for count, _ in found), [error for _, errors in found for error in errors]
    yield Line(f"{values} widget values of a wrong type: errors", f"{len(errors)} {errors[:1] or ''}", "0", not errors)


def visits(server: Server) -> Iterator[Line]:
    """Many visits that come and leave without a word."""

    async def drop(number: int) -> None:
        async with Visitor(server.address, "linear", f"seed={number}") as visitor:
            visitor.socket.transport.abort()

    async def crowd() -> None:
        for first in range(0, SESSIONS, 20):
            await asyncio.gather(*(drop(number) for number in range(first, first + 20)))

    processes, before = len(server.children()), server.settled_memory()
    asyncio.run(crowd())
    most = server.memory()
    time.sleep(KEPT)
    after = server.settled_memory()
    figure = f"{before:.0f}, {most:.0f}, {after:.0f} MB ({after / max(before, 1):.2f} times)"
    what = f"{SESSIONS} visits dropped: memory before, during, after"
    yield Line(what, figure, "at most 1.10 times", after <= 1.1 * before)
    orphans = len(server.children()) - processes
    yield Line(f"{SESSIONS} visits dropped: processes left over", f"{orphans}", "0", orphans <= 0)


def end_during_training(server: Server) -> Iterator[Line]:
    """SIGTERM while a run on pictures trains."""

    async def train() -> list[int]:
        async with Visitor(server.address, "images", "model=tiny_vgg&epochs=50") as visitor:
            await visitor.click("Train")
            await asyncio.sleep(3)
            found = server.children()
            os.kill(server.pid, signal.SIGTERM)
            return found

    children, began = asyncio.run(train()), time.perf_counter()
    while any(map(_runs, children)) and time.perf_counter() - began < 20:
        time.sleep(0.1)
    left = sum(map(_runs, children))
    seconds = time.perf_counter() - began
    yield Line("SIGTERM during a training: processes left over", f"{left} after {seconds:.1f} s", "0", left == 0)


def _runs(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def measure() -> Iterator[Line]:
    """All scenarios, those with visitors on one server, which must answer to the end."""
    yield from hanging_files()
    yield from jobs()
    with serve() as server:
        for scenario in (uploads, links, wrong_values, trainings, visits):
            yield from scenario(server)
        health = requests.get(f"{server.address}/_stcore/health", timeout=10).status_code
        complaints = server.complaints()
        figure = f"{health}, {len(complaints)} in its log {complaints[:1] or ''}"
        yield Line("the server afterwards", figure, "200, 0 in its log", health == 200 and not complaints)
        yield from end_during_training(server)


if __name__ == "__main__":
    show(measure())

"""A room behind HAProxy and two processes: idle, with thirty seats that train, at its beginning, and after losses."""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from deploy.__main__ import find
from pages.ui.room.rooms import Rooms
from pages.ui.room.seats import Key

from .report import Line, show
from .server import Server, deployed
from .stream import Page
from .visitor import Visitor

IDLE_SEATS, IDLE = 100, 60.0
SEATS, EVERY, ROUNDS = 30, 5.0, 6
EPOCHS = 200


class Listening:
    """A page that goes on listening, and what it has heard last."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard: dict[str, Any] = {}
        self.news = asyncio.Event()

    async def run(self) -> None:
        async for name, data in self.page.events():
            self.heard[name] = data
            self.news.set()

    async def until(self, fact: Callable[[dict[str, Any]], bool], seconds: float = 60) -> None:
        """Wait until what it has heard is so."""
        async with asyncio.timeout(seconds):
            while not fact(self.heard):
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def listening(pages: list[Page]) -> AsyncIterator[list[Listening]]:
    """All of these listen, and have heard how it is."""
    them = [Listening(page) for page in pages]
    tasks = [asyncio.create_task(one.run()) for one in them]
    await asyncio.gather(*(one.until(lambda heard: "stage" in heard) for one in them))
    try:
        yield them
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def pages_of(server: Server, keys: list[Key]) -> list[Page]:
    """Their pages, half of them at each process."""
    return [Page(server.address, key, f"p{1 + number % 2}") for number, key in enumerate(keys)]


async def idle(server: Server, rooms: Rooms) -> AsyncIterator[Line]:
    """Nothing happens in a room with a hundred seats and their leader."""
    leader = rooms.open()
    pages = pages_of(server, [leader, *(rooms.join(leader.code) for _ in range(IDLE_SEATS))])
    alone = await _share(server)
    async with listening(pages):
        await asyncio.sleep(5)
        before = [page.received for page in pages]
        share = await _share(server)
        taken = max(page.received - had for page, had in zip(pages[1:], before[1:], strict=True)) * 60 / IDLE
    yield Line("without anybody: of a core", f"{alone:.1%}")
    yield Line("idle room of 100 seats: of a core", f"{share:.1%}", "at most 5%", share <= 0.05)
    yield Line("idle room: bytes a seat and minute, at most", f"{taken:.0f}", "at most 1 kB", taken <= 1000)
    rooms.end(leader)


async def _share(server: Server) -> float:
    """The share of a core that all processes take together."""
    before, began = server.seconds(), time.monotonic()
    await asyncio.sleep(IDLE)
    return (server.seconds() - before) / (time.monotonic() - began)


class Wall:
    """The leader's page, which fetches the curves of what it hears, as wall.js does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wanted: dict[str, float] = {}
        self.news = asyncio.Event()
        self.heard: list[tuple[str, float]] = []
        self.curves: dict[tuple[str, float], float] = {}

    async def listen(self) -> None:
        async for name, data in self.page.events():
            for seat in data if name == "seats" else ():
                if seat["show"] and "weight" in seat["show"]["attempt"]["settings"]:
                    run = float(seat["show"]["attempt"]["settings"]["weight"])
                    self.heard.append((seat["id"], run))
                    self.wanted[seat["id"]] = run
                    self.news.set()

    async def fetch(self) -> None:
        while True:
            await self.news.wait()
            self.news.clear()
            asked, self.wanted = self.wanted, {}
            status, answer = await self.page.get(f"room-curves?seats={','.join(asked)}")
            if status != 200:
                await asyncio.sleep(0.5)
            there = answer["curves"] if answer else {}
            for seat in there:
                self.curves.setdefault((seat, asked[seat]), time.monotonic())
            self.wanted = {seat: run for seat, run in asked.items() if seat not in there} | self.wanted
            if self.wanted:
                self.news.set()


async def training(server: Server, rooms: Rooms) -> AsyncIterator[Line]:
    """Thirty visitors open the page of a room with its code and join; then each trains a new run every five seconds."""
    leader = rooms.open()
    async with AsyncExitStack() as stack:
        began = time.monotonic()
        visitors = await asyncio.gather(*(_joined(server, stack, leader.code) for _ in range(SEATS)))
        seconds, seats = time.monotonic() - began, len(rooms.seats(leader))
        right = seats == SEATS and seconds <= 10
        yield Line("30 join by code at once", f"{seats} within {seconds:.1f} s", "30 within 10 s", right)
        wall = Wall(Page(server.address, leader, "p1"))
        tasks = [asyncio.create_task(wall.listen()), asyncio.create_task(wall.fetch())]
        keys = [Key(visitor.seat["room"], visitor.seat["secret"], visitor.seat["seat"]) for visitor in visitors]
        ended: dict[tuple[str, float], float] = {}
        async with listening(pages_of(server, keys)):
            before, began = server.seconds(), time.monotonic()
            await asyncio.gather(*(_train(number, one, ended) for number, one in enumerate(visitors)))
            share = (server.seconds() - before) / (time.monotonic() - began)
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in outcomes), outcomes
    what = f"{SEATS} seats train every {EVERY:.0f} s"
    after = sorted(max(0.0, wall.curves[run] - at) for run, at in ended.items() if run in wall.curves)
    lost, doubled = len(ended) - len(after), len(wall.heard) - len({*wall.heard})
    p95 = statistics.quantiles(after, n=100, method="inclusive")[94]
    errors = [error for visitor in visitors for error in visitor.errors]
    yield Line(f"{what}: end to curve, median", f"{statistics.median(after):.2f} s")
    yield Line(f"{what}: end to curve, p95", f"{p95:.2f} s", "at most 1 s", p95 <= 1)
    yield Line(f"{what}: lost, doubled", f"{lost}, {doubled} of {len(ended)}", "0, 0", lost == doubled == 0)
    yield Line(f"{what}: errors", f"{len(errors)} {' '.join(errors)[:200]}".rstrip(), "0", not errors)
    yield Line(f"{what}: of a core", f"{share:.0%}")
    rooms.end(leader)


async def _joined(server: Server, stack: AsyncExitStack, code: str) -> Visitor:
    visitor = await stack.enter_async_context(Visitor(server.address, "room", f"code={code}"))
    await visitor.click("Join")
    return visitor


async def _train(number: int, visitor: Visitor, ended: dict[tuple[str, float], float]) -> None:
    await visitor.go("linear", f"noise=0.05&epochs={EPOCHS}")
    await asyncio.sleep(EVERY * number / SEATS)
    for turn in range(ROUNDS):
        weight = round(-1.99 + 0.02 * number + 0.6 * turn, 2)
        took = await visitor.move("-LinearConfig.weight", weight, "Train")
        ended[visitor.seat["seat"], weight] = time.monotonic()
        await asyncio.sleep(max(0.0, EVERY - took))


async def losses(server: Server, rooms: Rooms) -> AsyncIterator[Line]:
    """Redis is killed, then one of the two processes; both are started again."""
    leader = rooms.open()
    seats = [rooms.join(leader.code) for _ in range(SEATS)]
    async with listening(pages_of(server, seats)) as them:
        for what, word in (("Redis", "redis-server"), ("one of two processes", "--server.port=")):
            began = time.monotonic()
            os.kill(server.named(word)[0], signal.SIGKILL)
            seconds = await _back(rooms, leader, them, began)
            kept = len(rooms.seats(leader))
            right = seconds <= 10 and kept == SEATS
            yield Line(f"{what} killed: all seats are back", f"{kept} within {seconds:.1f} s", "30 within 10 s", right)
        breaks = sum(one.page.breaks for one in them)
        yield Line("streams that had to begin again", f"{breaks} of {SEATS}")
    rooms.end(leader)


async def _back(rooms: Rooms, leader: Key, them: list[Listening], began: float) -> float:
    """Seconds until everybody hears what the leader shows then."""
    while True:
        try:
            turn = (await asyncio.to_thread(rooms.lead, leader, paused=True)).turn
        except Exception:  # noqa: BLE001 - it is not there yet
            await asyncio.sleep(0.1)
        else:
            break
    await asyncio.gather(*(one.until(lambda heard: heard["stage"]["turn"] >= turn) for one in them))
    return time.monotonic() - began


def measure() -> Iterator[Line]:
    """All of it at one server, where HAProxy and Redis are installed."""
    if not all(map(find, ("haproxy", "redis-server", "supervisord"))):
        yield Line("a room", "HAProxy, Redis or supervisor is not installed")
        return
    from pages.ui.room.redis_store import RedisStore

    with deployed(2) as server:
        store = RedisStore(server.redis())
        for part in (idle, training, losses):
            yield from asyncio.run(_all(part(server, Rooms(store))))
        store.close()


async def _all(lines: AsyncIterator[Line]) -> list[Line]:
    return [line async for line in lines]


if __name__ == "__main__":
    show(measure())

"""Thirty visitors at once, each of whom trains 200 epochs ten times, with a second in between."""

import asyncio
import base64
import statistics
import time
from collections.abc import Iterator

import numpy as np

import wb_core as wb
from deploy.__main__ import find

from .report import Line, show
from .server import Server, deployed, serve
from .visitor import Visitor

VISITORS, TRAININGS, EPOCHS, PAUSE = 30, 10, 200, 1.0
KEPT, LEAVING = 65, 180  # seconds: the server keeps a session for 60 after a visitor leaves; the longest wait
COLUMNS = ("train_loss", "test_loss", "weight", "bias")


def config(number: int) -> wb.LinearConfig:
    """The settings of one visitor, different from all others'."""
    return wb.LinearConfig(lr=round(0.002 * (number + 1), 4), seed=number, noise=0.05, epochs=EPOCHS)


def expected(settings: wb.LinearConfig) -> dict[str, str]:
    """The expected data for the player with these settings: each column as float32 in base64."""
    run = wb.Run(settings)
    run.finish()
    columns = {name: np.array(run.history.column(name), dtype="<f4") for name in COLUMNS}
    return {name: base64.b64encode(numbers.tobytes()).decode() for name, numbers in columns.items()}


class Tally:
    """The results of all visitors."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.errors: list[str] = []
        self.wrong = 0
        self.most_memory = 0.0


async def visit(server: Server, number: int, answer: dict[str, str], tally: Tally) -> None:
    """Connect, train ten times, and leave."""
    settings = config(number)
    query = f"lr={settings.lr}&seed={settings.seed}&noise={settings.noise}&epochs={settings.epochs}"
    await asyncio.sleep(number / VISITORS)  # visitors do not click at the same moment
    async with Visitor(server.address, "linear", query) as visitor:
        token = visitor.player["token"]
        for _ in range(TRAININGS):
            await asyncio.sleep(PAUSE)
            tally.seconds.append(await visitor.click("Train"))
            columns = visitor.player["columns"]
            right = visitor.player["token"] != token and all(columns[name] == answer[name] for name in COLUMNS)
            tally.wrong += not right
            token = visitor.player["token"]
        tally.errors += visitor.errors


async def watch(server: Server, tally: Tally) -> None:
    """Record the server's memory while the visitors are connected."""
    while True:
        tally.most_memory = max(tally.most_memory, server.memory())
        await asyncio.sleep(0.5)


async def crowd(server: Server, answers: list[dict[str, str]]) -> Tally:
    """Run all visitors, and return when the last one has left."""
    tally = Tally()
    watching = asyncio.create_task(watch(server, tally))
    visits = (visit(server, number, answer, tally) for number, answer in enumerate(answers))
    for outcome in await asyncio.gather(*visits, return_exceptions=True):
        if isinstance(outcome, BaseException):
            tally.errors.append(repr(outcome))
    watching.cancel()
    return tally


def memory_after(server: Server, limit: float) -> tuple[float, float]:
    """The server's memory once all sessions have ended and it is at most `limit` MB, or after the longest wait."""
    began = time.monotonic()
    time.sleep(KEPT)
    while (now := server.memory()) > limit and time.monotonic() - began < LEAVING:
        time.sleep(1)
    return now, time.monotonic() - began


def measure() -> Iterator[Line]:
    """The same for one server process and, where HAProxy is installed, for two behind it."""
    answers = [expected(config(number)) for number in range(VISITORS)]
    with serve() as server:
        yield from _of(server, answers, "30 visitors", most=2)
    if find("haproxy") and find("supervisord"):
        with deployed(2) as server:
            yield from _of(server, answers, "30 visitors, two processes", most=1)


def _of(server: Server, answers: list[dict[str, str]], who: str, most: float) -> Iterator[Line]:
    """Errors, wrong numbers, time from click to result, and memory before, during and after."""
    before = server.settled_memory()
    began = time.perf_counter()
    tally = asyncio.run(crowd(server, answers))
    wall = time.perf_counter() - began
    after, waited = memory_after(server, before * 1.1)
    clicks = len(tally.seconds)
    errors = [*dict.fromkeys(tally.errors + server.complaints())]
    yield Line(f"{who}: trainings that came to an end", f"{clicks} in {wall:.0f} s", "300", clicks == 300)
    yield Line(f"{who}: errors", f"{len(errors)} {' | '.join(errors)[:300]}", "0", not errors)
    yield Line(f"{who}: results with a wrong number", f"{tally.wrong}", "0", tally.wrong == 0)
    if clicks > 1:
        cuts = statistics.quantiles(tally.seconds, n=100, method="inclusive")
        yield Line(f"{who}: click to result, median", f"{cuts[49]:.2f} s")
        yield Line(f"{who}: click to result, p95", f"{cuts[94]:.2f} s", f"at most {most} s", cuts[94] <= most)
    if not before:
        yield Line(f"{who}: memory", "cannot be seen on this system", "at most 1.10 times")
        return
    yield Line(f"{who}: memory before, and at most", f"{before:.0f} MB, {tally.most_memory:.0f} MB")
    yield Line(
        f"{who}: memory after they left",
        f"{after:.0f} MB ({after / before:.2f} times, {waited:.0f} s later)",
        "at most 1.10 times",
        after <= before * 1.1,
    )


if __name__ == "__main__":
    show(measure())

"""2,500 runs as one sweep, against the same runs one after another with a bare PyTorch loop."""

import asyncio
import statistics
import time
from collections.abc import Iterator

import numpy as np
import torch
from playwright.sync_api import Browser, expect

import wb_core as wb
from wb_core.kinds.line.batching import LINE_BATCHING
from wb_core.sweeps import Axes

from .browser import PATIENCE, chromium, idle, took, visit, watch
from .engine import EPOCHS as BARE_EPOCHS
from .engine import bare_loop
from .images import OTHERS, linear_visitor
from .report import Line, show
from .server import Server, serve
from .visitor import Visitor

EPOCHS, RUNS, TIMED = 200, 2500, 25
ROUNDS = 5
TOKEN = "(document.querySelector('.wb-player')?.dataset.token ?? '')"
QUERY = f"x_low=0.001&x_steps=50&y=weight&y_low=-2&y_high=2&y_steps=50&epochs={EPOCHS}"
SPOT = """(plot, [x, y]) => {
    const { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)];
}"""
AXES = {"lr": np.geomspace(0.001, 1, 50).tolist(), "seed": range(50)}


def against_the_bare_loop() -> Iterator[Line]:
    """Alternate both; the bare loop is timed on the epochs of 25 runs, and scaled."""
    torch.set_num_threads(1)
    config = wb.LinearConfig(epochs=EPOCHS)
    bare_loop()  # the first call pays for PyTorch's lazy imports
    ratios, seconds, alone = [], [], []
    for _ in range(3):
        bare = sum(bare_loop() for _ in range(TIMED * EPOCHS // BARE_EPOCHS + 1))
        bare *= RUNS * EPOCHS / (BARE_EPOCHS * (TIMED * EPOCHS // BARE_EPOCHS + 1))
        began = time.perf_counter()
        result = wb.sweep(config, **AXES)
        seconds.append(time.perf_counter() - began)
        assert len(result) == RUNS
        ratios.append(bare / seconds[-1])
        alone.append(bare / training(config))
    for what, found in (("training alone, every epoch recorded", alone), ("with tables and diagnoses", ratios)):
        ratio = sorted(found)[1]
        figure = f"{ratio:.0f} times faster ({bare / ratio:.2f} s)"
        yield Line(f"2,500 runs of 200 epochs, {what}", figure, "at least 300 times", ratio >= 300)


def training(config: wb.LinearConfig) -> float:
    """Seconds of the training alone."""
    axes = Axes(config, AXES)
    began = time.perf_counter()
    configs = [axes.config_of(run) for run in range(len(axes))]
    batch = LINE_BATCHING.batch(configs, list(map(LINE_BATCHING.data_of(), configs)), ())
    while not batch.done:
        batch.advance()
    return time.perf_counter() - began


def on_the_page(server: Server, browser: Browser) -> Iterator[Line]:
    """The time from the click to the map, its memory, and the time from a click on a cell to its curves."""
    page = visit(browser, f"{server.address}/sweep?{QUERY}")
    expect(page.get_by_role("button", name="Run the sweep")).to_be_enabled(timeout=PATIENCE)
    idle(page)
    before, pictures, most = server.settled_memory(), [], 0.0
    for number in range(1, ROUNDS + 1):
        watch(page, event="click", until=f"document.querySelector('.st-key-sweep-map-{number}-final_test_loss image')")
        page.get_by_role("button", name="Run the sweep").click()
        pictures.append(took(page) / 1000)
        most = max(most, server.memory())
        idle(page)
    picture = statistics.median(pictures)
    yield Line("click to the picture of 2,500 runs", f"{picture:.2f} s", "at most 2 s", picture <= 2)
    yield Line("  memory for it", f"{most - before:.0f} MB", "at most 300 MB", most - before <= 300)
    curves = []
    for x in range(3, 3 + ROUNDS + 1):
        spot = page.get_by_test_id("stPlotlyChart").locator(".js-plotly-plot").evaluate(SPOT, [x, 5])
        token = page.evaluate(TOKEN)
        page.mouse.move(*spot)
        page.wait_for_timeout(300)
        watch(page, event="mousedown", until=f"{TOKEN} !== '{token}'")
        page.mouse.click(*spot)
        curves.append(took(page))
        idle(page)
    median = statistics.median(curves[1:])
    yield Line("click on a cell to its curves", f"{median:.0f} ms", "at most 200 ms", median <= 200)
    page.context.close()


def beside(server: Server) -> Iterator[Line]:
    """How long visitors of the linear-regression lab wait while another visitor runs sweeps."""
    seconds, errors = asyncio.run(_beside(server))
    p95 = statistics.quantiles(seconds, n=100, method="inclusive")[94]
    figure = f"{p95:.2f} s (median {statistics.median(seconds):.2f} s)" + (f", {errors[0][:80]}" if errors else "")
    yield Line("linear lab beside sweeps, p95", figure, "at most 1 s", p95 <= 1 and not errors)


async def _beside(server: Server) -> tuple[list[float], list[str]]:
    async with Visitor(server.address, "sweep", QUERY) as sweeper:

        async def again_and_again() -> None:
            while True:
                await sweeper.click("Run the sweep")

        task = asyncio.create_task(again_and_again())
        seconds: list[float] = []
        found = await asyncio.gather(*(linear_visitor(server, number, seconds) for number in range(OTHERS)))
        task.cancel()
        return seconds, [*sweeper.errors, *(error for errors in found for error in errors)]


def measure() -> Iterator[Line]:
    """Measure the engine, then the page."""
    yield from against_the_bare_loop()
    with serve() as server:
        with chromium() as browser:
            yield from on_the_page(server, browser)
        yield from beside(server)


if __name__ == "__main__":
    show(measure())

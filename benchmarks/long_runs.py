"""A long training that is seen while it runs: pictures a second, and its speed against the same run without a page."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import torch
from playwright.sync_api import Page

import wb_core as wb

from .browser import chromium, drawn, visit
from .report import Line, show
from .server import serve

EPOCHS, ROUNDS = 5000, 5
# Records each picture of the growing run and its time, from the click on Train until the player stops at the end.
RECORD = """
    (last) => new Promise((resolve) => {
        const player = document.querySelector(".wb-player");
        const token = player.dataset.token;
        const seen = [];
        const observer = new MutationObserver(() => {
            if (player.dataset.token === token) return;
            const frame = Number(player.dataset.frame);
            if (seen.at(-1)?.frame !== frame) seen.push({ frame, at: performance.now() });
            if (player.dataset.state !== "paused" || frame !== last) return;
            observer.disconnect();
            resolve(seen);
        });
        observer.observe(player, { attributeFilter: ["data-frame", "data-state", "data-token"] });
        [...document.querySelectorAll("button")].find((button) => /Train$/.test(button.innerText)).click();
    })
"""


def alone() -> float:
    """Epochs a second of the run without a page."""
    run = wb.Run(wb.LinearConfig(epochs=EPOCHS))
    began = time.perf_counter()
    run.finish()
    return EPOCHS / (time.perf_counter() - began)


def beside(page: Page) -> tuple[float, float, int]:
    """Pictures a second, epochs a second in between, and the number of pictures of the run in the page."""
    seen: list[dict[str, Any]] = page.evaluate(RECORD, EPOCHS - 1)
    drawn(page)
    seconds = (seen[-1]["at"] - seen[0]["at"]) / 1000
    return (len(seen) - 1) / seconds, (seen[-1]["frame"] - seen[0]["frame"]) / seconds, len(seen)


def measure() -> Iterator[Line]:
    """Medians of several runs, which alternate with runs without a page; the first pair does not count."""
    torch.set_num_threads(1)  # like the server
    with serve() as server, chromium() as browser:
        page = visit(browser, f"{server.address}/linear?epochs={EPOCHS}", motion=True)
        drawn(page)
        rounds = [(alone(), *beside(page)) for _ in range(ROUNDS + 1)][1:]
    pictures = statistics.median(pictures for _, pictures, _, _ in rounds)
    share = statistics.median(speed / free for free, _, speed, _ in rounds)
    each = ", ".join(f"{number}" for _, _, _, number in rounds)
    figure = f"{pictures:.1f} a second ({each} pictures)"
    yield Line(f"long run of {EPOCHS:,} epochs, seen while it trains", figure, "at least 10 a second", pictures >= 10)
    speed = statistics.median(free for free, _, _, _ in rounds)
    figure = f"{share:.0%} of {speed:,.0f} epochs a second"
    yield Line("its training against the same without a page", figure, "at least 90%", share >= 0.9)


if __name__ == "__main__":
    show(measure())

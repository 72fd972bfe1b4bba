"""The time from a click on "Next line" to the charts of that line in the browser."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import Page

from .browser import chromium, drawn, idle, took, visit, watch
from .report import Line, show
from .server import serve

CLICKS = 30  # more than four epochs' worth of lines; the first does not count
PLAYER_NEW = "document.querySelector('.wb-player').dataset.token !== {token!r}"


def click(page: Page) -> float:
    """Press the button, and return the milliseconds until the new charts are drawn."""
    token = page.locator(".wb-player").get_attribute("data-token")
    watch(page, event="click", until=PLAYER_NEW.format(token=token))
    page.get_by_role("button", name="Next line").click()
    milliseconds = took(page)
    idle(page)
    return milliseconds


def measure() -> Iterator[Line]:
    """Median over the lines of a few epochs."""
    with serve() as server, chromium() as browser:
        page = visit(browser, f"{server.address}/step?epochs=200&epoch=100")
        drawn(page)
        times = sorted([click(page) for _ in range(CLICKS)][1:])
    median = statistics.median(times)
    spread = f"{times[len(times) // 4]:.0f} to {times[3 * len(times) // 4]:.0f}"
    yield Line(
        "Next line to new picture, epoch 100 of 200",
        f"{median:.0f} ms (half: {spread})",
        "median at most 150 ms",
        median <= 150,
    )


if __name__ == "__main__":
    show(measure())

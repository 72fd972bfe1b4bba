"""The first training after the server's start against the tenth."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from .browser import chromium, drawn, idle, took, visit, watch
from .report import Line, show
from .server import Server, serve

EPOCHS, SERVERS, TRAININGS = 200, 3, 11
RESULT = """
    (() => {{
        const player = document.querySelector(".wb-player");
        const whole = player.dataset.frame === "{last}" && player.querySelector(".wb-epoch input").max === "{last}";
        return whole && player.dataset.token !== {token!r};
    }})()
"""


def train(page: Page, epochs: int = EPOCHS) -> float:
    """Press Train, and return the milliseconds until the charts show the end of the new run of these epochs."""
    token = page.locator(".wb-player").get_attribute("data-token")
    watch(page, event="click", until=RESULT.format(last=epochs - 1, token=token))
    page.get_by_role("button", name="Train", exact=True).click()
    milliseconds = took(page)
    idle(page)
    return milliseconds


def trainings(browser: Browser) -> tuple[list[float], float]:
    """The milliseconds of each training of a new server's first visitor, and of the next visitor's first."""
    with serve() as server:
        page, times = open_page(browser, server), []
        for _ in range(TRAININGS):
            times.append(train(page))
        page.context.close()
        return times, train(open_page(browser, server))


def open_page(browser: Browser, server: Server) -> Page:
    page = visit(browser, f"{server.address}/linear?epochs={EPOCHS}")
    drawn(page)
    return page


def measure() -> Iterator[Line]:
    """Median over several new servers; the tenth is the median of the ninth to the eleventh, to reduce noise."""
    with chromium() as browser:
        rounds = [trainings(browser) for _ in range(SERVERS)]
    triples = [(times[0], statistics.median(times[8:11]), other) for times, other in rounds]
    ratio = statistics.median(first / tenth for first, tenth, _ in triples)
    page = statistics.median(other / tenth for _, tenth, other in triples)
    each = ", ".join(f"{first:.0f}/{tenth:.0f}" for first, tenth, _ in triples)
    first = statistics.median(first for first, _, _ in triples)
    yield Line("first Train of a fresh page", f"{first:.0f} ms", "at most 300 ms", first <= 300)
    yield Line("first Train against the tenth", f"{ratio:.2f} times ({each} ms)", "at most 1.5 times", ratio <= 1.5)
    yield Line("  what any new page costs: next visitor's first", f"{page:.2f} times the tenth")


if __name__ == "__main__":
    show(measure())

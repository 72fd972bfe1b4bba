"""The first Train after the server's start against the tenth: whether the first visitor pays for something."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from .browser import chromium, drawn, idle, took, visit, watch
from .report import Line, show
from .server import serve

EPOCHS, SERVERS, TRAININGS = 200, 3, 11
RESULT = """
    (() => {{
        const player = document.querySelector(".wb-player");
        const whole = player.dataset.frame === "{last}" && player.querySelector(".wb-epoch input").max === "{last}";
        return whole && player.dataset.token !== {token!r};
    }})()
"""


def train(page: Page) -> float:
    """Press Train, and return the milliseconds until the charts show the end of the new run."""
    token = page.locator(".wb-player").get_attribute("data-token")
    watch(page, event="click", until=RESULT.format(last=EPOCHS - 1, token=token))
    page.get_by_role("button", name="Train", exact=True).click()
    milliseconds = took(page)
    idle(page)
    return milliseconds


def trainings(browser: Browser) -> list[float]:
    """The milliseconds of each training on a server that nobody has visited."""
    with serve() as server:
        page = visit(browser, f"{server.address}/linear?epochs={EPOCHS}")
        drawn(page)
        times = [train(page) for _ in range(TRAININGS)]
        page.context.close()
    return times


def measure() -> Iterator[Line]:
    """Median of several fresh servers; the tenth is the median of the ninth to the eleventh, as one alone is noise."""
    with chromium() as browser:
        rounds = [trainings(browser) for _ in range(SERVERS)]
    pairs = [(times[0], statistics.median(times[8:11])) for times in rounds]
    ratio = statistics.median(first / tenth for first, tenth in pairs)
    each = ", ".join(f"{first:.0f}/{tenth:.0f}" for first, tenth in pairs)
    yield Line("first Train against the tenth", f"{ratio:.2f} times ({each} ms)", "at most 1.5 times", ratio <= 1.5)


if __name__ == "__main__":
    show(measure())

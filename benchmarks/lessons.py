"""Opening a lesson from the path, until its lab can be used; and Check, until its verdict is on the page."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import Page

from .browser import chromium, drawn, idle, took, visit, watch
from .report import Line, show
from .server import serve

LESSON, TIMES = "step-size", 7
OPEN = 1500  # milliseconds
CHECK = 100
USABLE = """document.querySelector(".st-key-lesson-check button:enabled")
  && document.querySelector(".wb-player")?.dataset.token
  && document.querySelector("[data-test-script-state=notRunning]")"""
VERDICT = "document.querySelector('.st-key-lesson-verdict [data-testid^=stAlertContent]')"


def opened(page: Page, address: str) -> float:
    """Press the card of a lesson, and return the milliseconds until its lab can be used."""
    page.goto(f"{address}/lessons")
    idle(page)
    watch(page, event="click", until=USABLE)
    page.locator(f".st-key-lessons-{LESSON} button").click()
    milliseconds = took(page)
    idle(page)
    return milliseconds


def checked(page: Page) -> float:
    """Train, press Check, and return the milliseconds until the verdict is drawn."""
    drawn(page)
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator(".wb-player[data-frame='99']").wait_for()
    idle(page)
    watch(page, event="click", until=VERDICT)
    page.get_by_role("button", name="Check", exact=True).click()
    milliseconds = took(page)
    idle(page)
    return milliseconds


def _line(what: str, times: list[float], target: int) -> Line:
    median = statistics.median(times)
    figure = f"{median:.0f} ms ({min(times):.0f} to {max(times):.0f})"
    return Line(what, figure, f"at most {target} ms", median <= target)


def measure() -> Iterator[Line]:
    """Medians; the first time, in which the browser loads the lab's scripts, does not count."""
    with serve() as server, chromium() as browser:
        page, opens, checks = visit(browser, server.address), [], []
        idle(page)
        for _ in range(TIMES + 1):
            opens.append(opened(page, server.address))
            checks.append(checked(page))
    yield _line("a lesson opened from the path, warm", opens[1:], OPEN)
    yield _line("Check to its verdict", checks[1:], CHECK)


if __name__ == "__main__":
    show(measure())

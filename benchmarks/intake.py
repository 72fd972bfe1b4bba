"""Points of a visitor's own: from a pasted table of 10,000 rows to the first picture of it."""

import random
import statistics
from collections.abc import Iterator

from playwright.sync_api import Page

from .browser import chromium, drawn, idle, took, visit, watch
from .report import Line, show
from .server import serve

ROWS, TIMES = 10_000, 5
PASTE = """([selector, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.querySelector(selector).dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""
READ = "document.querySelector('.st-key-points-use button:enabled') !== null"
NEW = "document.querySelector('.wb-player').dataset.token !== {token!r}"


def table(seed: int) -> str:
    """Two columns of numbers around a line, as a spreadsheet copies them."""
    rng = random.Random(seed)
    X = [rng.gauss(50, 10) for _ in range(ROWS)]
    return "X\ty\n" + "\n".join(f"{x:.2f}\t{3 * x + rng.gauss(0, 20):.2f}" for x in X)


def paste(page: Page, seed: int) -> tuple[float, float]:
    """The milliseconds from the paste to the preview, and from the press of "Use" to the picture."""
    page.get_by_role("radio", name="My points").click()
    if seed:
        page.get_by_role("button", name="Change").click()
    page.locator(".wb-paste").wait_for()
    idle(page)
    watch(page, event="paste", until=READ)
    page.evaluate(PASTE, [".wb-paste", table(seed)])
    read = took(page)
    idle(page)
    token = page.locator(".wb-player").get_attribute("data-token")
    watch(page, event="pointerdown", until=NEW.format(token=token))
    page.locator(".st-key-points-use button").click()
    picture = took(page)
    idle(page)
    return read, picture


def measure() -> Iterator[Line]:
    """The figures of own points, medians."""
    with serve() as server, chromium() as browser:
        page = visit(browser, f"{server.address}/linear")
        drawn(page)
        pastes = [paste(page, seed) for seed in range(TIMES)]
    read, picture = (statistics.median(times) for times in zip(*pastes, strict=True))
    both = (read + picture) / 1000
    yield Line("10,000 rows pasted to the preview", f"{read:.0f} ms of {TIMES}")
    yield Line("10,000 rows pasted to the first picture", f"{both:.2f} s of {TIMES}", "at most 1.5 s", both <= 1.5)


if __name__ == "__main__":
    show(measure())

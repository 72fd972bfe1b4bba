"""How long it takes until a page can be used: opened anew, and by the menu from another page."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from .browser import chromium, idle, visit
from .report import Line, show
from .server import serve

PAGES = ("/", "/tensors", "/linear", "/step", "/points", "/images", "/sweep", "/compare", "/device")
TIMES = 3
COLD, WARM = 2.5, 0.5  # seconds

# The time of the page when all of it is visible, drawn and up to date; `former` is the heading of the page before.
READY = """(former) => {
  const heading = document.querySelector("[data-test-script-state=notRunning] [data-testid=stMain] h1");
  const charts = [...document.querySelectorAll(".wb-player, [data-testid=stPlotlyChart]")];
  return heading && heading.innerText !== former
    && !document.querySelector(".wb-arriving, [data-stale=true], [data-testid=stSkeleton]")
    && charts.every((chart) => chart.matches("[data-token]") || chart.querySelector(".main-svg"))
    && performance.now();
}"""
CLICK = """(path) => {
  const links = [...document.querySelectorAll("[data-testid=stSidebarNavLink]")];
  links.find((link) => new URL(link.href).pathname === path).click();
  return performance.now();
}"""


def opened(browser: Browser, address: str) -> float:
    """Seconds from the address to the page, for a visitor who has nothing of it yet."""
    page = visit(browser, address)
    seconds = _ready(page, None) / 1000
    page.context.close()
    return seconds


def reached(page: Page, path: str) -> float:
    """Seconds from the click in the menu to the page."""
    idle(page)
    former = page.locator("h1").inner_text()
    began = page.evaluate(CLICK, path)
    return (_ready(page, former) - began) / 1000


def _ready(page: Page, former: str | None) -> float:
    milliseconds: float = page.wait_for_function(READY, arg=former).json_value()
    return milliseconds


def _line(what: str, seconds: dict[str, list[float]], target: float) -> Line:
    """The medians: the slowest page, and that of all."""
    medians = {path: statistics.median(found) for path, found in seconds.items()}
    slowest = max(medians, key=lambda path: medians[path])
    figure = f"{statistics.median(medians.values()):.2f} s, {slowest} {medians[slowest]:.2f} s"
    return Line(what, figure, f"at most {target} s", medians[slowest] <= target)


def measure() -> Iterator[Line]:
    """Every page, several times."""
    with serve() as server, chromium() as browser:
        cold = {path: [opened(browser, server.address + path) for _ in range(TIMES)] for path in PAGES}
        yield _line("a page opened anew: median, slowest", cold, COLD)
        page = visit(browser, server.address)
        _ready(page, None)
        rounds = [{path: reached(page, path) for path in (*PAGES[1:], PAGES[0])} for _ in range(TIMES + 1)]
        warm = {path: [seconds[path] for seconds in rounds[1:]] for path in PAGES}
        yield _line("a page by the menu: median, slowest", warm, WARM)


if __name__ == "__main__":
    show(measure())

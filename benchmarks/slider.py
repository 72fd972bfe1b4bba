"""The time from a moved slider to the new charts in the browser, compared with the same page with `st.plotly_chart`."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import Page

from .browser import chromium, drawn, idle, took, visit, watch
from .report import Line, show
from .server import ROOT, serve

MOVES = 16  # the first of which does not count
PLAYER_NEW = "document.querySelector('.wb-player').dataset.token !== {token!r}"
CHARTS_NEW = """
    (() => {{
        const plots = [...document.querySelectorAll(".js-plotly-plot")];
        return plots.length === 3 && plots.every((plot) => plot._fullLayout?.meta === {mark!r});
    }})()
"""


def move(page: Page, until: str) -> float:
    """Press the arrow key on the slider, and return the milliseconds until the new charts are drawn."""
    watch(page, event="keydown", until=until)
    page.keyboard.press("ArrowRight")
    milliseconds = took(page)
    idle(page)
    return milliseconds


def move_workbench(page: Page) -> float:
    token = page.locator(".wb-player").get_attribute("data-token")
    return move(page, PLAYER_NEW.format(token=token))


def move_plain(page: Page) -> float:
    now = float(page.get_by_role("slider", name="Weight").input_value())
    return move(page, CHARTS_NEW.format(mark=f"{now + 0.01:.2f}"))


def workbench(page: Page) -> None:
    """Make the workbench's page ready for the first move."""
    drawn(page)
    page.get_by_role("button", name="Train", exact=True).click()
    idle(page)
    page.get_by_role("slider", name="Weight").focus()


def plain(page: Page) -> None:
    """Make the plain page ready for the first move."""
    page.wait_for_function(CHARTS_NEW.format(mark="0.70"))
    idle(page)
    page.get_by_role("slider", name="Weight").focus()


def measure() -> Iterator[Line]:
    """Median of the moves, which alternate between the two pages."""
    ours: list[float] = []
    theirs: list[float] = []
    with serve() as server, serve(ROOT / "benchmarks" / "plain" / "app.py") as other, chromium() as browser:
        page, plain_page = visit(browser, f"{server.address}/linear?epochs=200"), visit(browser, other.address)
        workbench(page)
        plain(plain_page)
        for _ in range(MOVES):
            ours.append(move_workbench(page))
            theirs.append(move_plain(plain_page))
    ours, theirs = sorted(ours[1:]), sorted(theirs[1:])  # the first also loads what the page needs
    median = statistics.median(ours)
    times = statistics.median(theirs) / median
    spread = f"{ours[len(ours) // 4]:.0f} to {ours[3 * len(ours) // 4]:.0f}"
    yield Line(
        "slider moved to new picture, 200 epochs",
        f"{median:.0f} ms (half: {spread})",
        "median at most 130 ms",
        median <= 130,
    )
    yield Line(
        "the same page with st.plotly_chart and defaults",
        f"{statistics.median(theirs):.0f} ms, {times:.1f} times ours",
        "at least 2 times",
        times >= 2,
    )


if __name__ == "__main__":
    show(measure())

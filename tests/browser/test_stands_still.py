"""Each page while it arrives, trains and is scrubbed: nothing moves before one's eyes (cumulative layout shift)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WINDOW, Visit
from tests.browser.test_geometry import PAGES

MOST = 0.02
PHONE = {"width": 360, "height": 740}

# The sum of all shifts that follow no input, and what moved.
_SHIFTS = """async () => {
  const shifts = [];
  const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  await new Promise((done) => setTimeout(done, 100)); // until the buffered ones are here
  const own = shifts.filter((shift) => !shift.hadRecentInput);
  const moved = own.flatMap(({ sources }) => sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 120)));
  return [own.reduce((sum, { value }) => sum + value, 0), moved];
}"""


def shifts(page: Page) -> tuple[float, list[str]]:
    score, moved = page.evaluate(_SHIFTS)
    return score, moved


@pytest.mark.parametrize("window", [WINDOW, pytest.param(PHONE, marks=pytest.mark.slow)], ids=["wide", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_moves_by_itself(visit: Visit, path: str, window: dict[str, int]) -> None:
    lab = visit(path, ready=False, viewport=window)

    lab.page.locator("h1").wait_for()  # visible only when all is there
    lab.idle()
    lab.at_rest()
    if path in ("/linear", "/points"):
        lab.train()
    if lab.epoch_slider.is_visible() and lab.epoch_slider.is_enabled():
        for end in ("min", "max"):
            lab.scrub(int(lab.epoch_slider.get_attribute(end) or 0))
        lab.at_rest()
    score, moved = shifts(lab.page)
    assert score < MOST, moved


def test_the_tool_finds_what_moves(visit: Visit) -> None:
    lab = visit("/device", ready=False)

    expect(lab.page.locator("html")).not_to_have_class(re.compile("wb-arriving"))
    lab.at_rest()
    lab.page.evaluate("document.querySelector('h1').style.paddingTop = '200px'")
    assert shifts(lab.page)[0] > MOST

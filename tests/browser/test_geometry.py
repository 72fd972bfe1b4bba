"""Each page in each width: nothing cut, broken, overlapping, too small for a finger or outside of the window."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOCALES, LOOKS, WINDOW, Visit
from tests.browser.geometry import findings
from tests.browser.lab import Lab
from tests.browser.names import not_distinct

PAGES = ("/", "/tensors", "/linear", "/step", "/points", "/images", "/sweep", "/compare", "/device")
WIDTHS = (360, 768, 1400)
PHONE = 768  # pixels: up to here it is a finger that touches

# What should not be found, for the test that shows that it can be.
_FAULTS = """() => {
  const box = document.createElement("div");
  box.innerHTML = `<p style="width:60px;overflow:hidden;white-space:nowrap">A long text that is cut</p>
    <p style="width:40px;overflow-wrap:anywhere;word-break:break-all">Incomprehensible</p>
    <button style="height:20px">Small</button>
    <button style="position:absolute;left:50px;top:10px;height:40px">One</button>
    <button style="position:absolute;left:60px;top:20px;height:40px">Other</button>
    <div style="position:absolute;right:-40px;top:200px;white-space:nowrap">Sticks out of the window</div>`;
  document.querySelector("[data-testid=stMainBlockContainer]").prepend(box);
}"""


@pytest.fixture(scope="module", params=LOOKS)
def tour(request: pytest.FixtureRequest, visit_for_long: Visit) -> Lab:
    """A tab that goes from page to page by the menu, which is faster than to load each of them."""
    language, color_scheme = request.param
    return visit_for_long("/", locale=LOCALES[language], color_scheme=color_scheme)


def walk(lab: Lab, path: str) -> None:
    """Go to a page by the menu."""
    page = lab.page
    page.set_viewport_size(WINDOW)
    link = page.get_by_test_id("stSidebarNavLink").and_(page.locator(f"[href$='{path}']"))
    link.click()
    expect(link).to_have_attribute("aria-current", "page")
    expect(page.locator("h1")).to_have_count(1)
    lab.idle()
    lab.at_rest()


@pytest.mark.parametrize("path", PAGES)
def test_everything_is_seen_whole_in_every_width(tour: Lab, path: str) -> None:
    walk(tour, path)

    hand = tour.page.context.new_cdp_session(tour.page)
    for width in WIDTHS:
        hand.send("Emulation.setTouchEmulationEnabled", {"enabled": width <= PHONE})
        tour.page.set_viewport_size({"width": width, "height": 900})
        tour.at_rest()
        tour.soon(lambda: findings(tour.page, touch=width <= PHONE), [])  # noqa: B023
    hand.detach()


def test_the_tool_finds_what_is_wrong(tour: Lab) -> None:
    walk(tour, "/device")
    tour.page.evaluate(_FAULTS)

    rules = {finding.partition(":")[0] for finding in findings(tour.page, touch=True)}
    assert {"cut text", "broken word", "small target", "on each other", "out of the window"} <= rules


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_at_all_and_every_control_has_a_name_of_its_own(tour: Lab, path: str) -> None:
    walk(tour, path)

    assert tour.violations() == []
    tour.soon(lambda: not_distinct(tour.page), [])

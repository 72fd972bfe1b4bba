"""The start page: a film, a slider that shows every outcome, and the path to the other pages."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from pages.ui.start.experiment import CONFIG
from pages.ui.start.path import PATH
from tests.browser.conftest import THEMES, Visit
from tests.browser.lab import written
from tests.runs import finished

# Holds back for three seconds what shows the server that a visitor asks, as a slow page does.
LATE = """
window.wbTab = { session: "", waiting: false, send: () => {}, held: "", from: performance.now() + 3000,
  get secret() { return performance.now() < this.from ? "" : this.held; }, set secret(text) { this.held = text; } };
"""


def test_the_start_page_plays_a_run_and_its_slider_shows_every_outcome(visit: Visit) -> None:
    lab = visit("/", reduced_motion="no-preference")

    lab.shows(119)
    assert lab.frames() == list(range(-1, 120))
    expect(lab.player).to_have_attribute("data-futures", "lr")  # before any hand is on it
    status = lab.page.locator(".st-key-status")
    box = lab.page.locator(".st-key-StartConfig-lr [role=group] > div").first.bounding_box()
    assert box is not None
    lab.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)
    lab.page.mouse.down()
    expect(status).to_have_attribute("data-wb-live", "Too big")
    lab.page.mouse.up()
    for key, lr, words in (("Home", 0.0001, "Too small."), ("End", 1, "Too big.")):
        run = finished(replace(CONFIG, lr=lr))
        lab.move("Learning rate", key)
        lab.shows(run.epoch - 1)
        weight = written(run.history.row(-1))["Model's weight"]
        expect(lab.player.locator(".wb-title")).to_contain_text(f"y = {weight}·X")
        expect(status).to_contain_text(words)


@pytest.mark.parametrize("theme", THEMES)
def test_every_card_leads_to_its_page(visit: Visit, theme: str) -> None:
    lab = visit("/", color_scheme=theme)
    cards = lab.page.locator(".st-key-path").get_by_role("link")

    expect(cards).to_have_count(len(PATH))
    assert lab.violations() == []
    cards.filter(has_text="Linear regression").click(position={"x": 5, "y": 5})
    expect(lab.page.get_by_role("heading", name="Linear regression", level=1)).to_be_visible()


@pytest.mark.slow
def test_the_future_of_the_slider_waits_for_a_slow_page(visit: Visit) -> None:
    lab = visit("/device", touch=True, ready=False)

    lab.page.add_init_script(LATE)
    lab.go("/")
    expect(lab.player).to_have_attribute("data-futures", "lr")
    assert lab.page.evaluate("performance.now() > wbTab.from")

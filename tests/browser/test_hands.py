"""Fingers, keys and screen readers: a swipe scrolls, the menu closes, the focus stays, what changes is read out."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.lab import Lab

PHONE = {"width": 360, "height": 740}

# Switches a focused button off for a moment, as that of a download is, and resolves with all that then had the focus.
OFF_FOR_A_MOMENT = """async (button) => {
  const pause = (milliseconds) => new Promise((next) => setTimeout(next, milliseconds));
  const focused = new Set();
  addEventListener("focusin", ({ target }) => focused.add(target), true);
  button.disabled = true;
  await pause(300);
  button.disabled = false;
  while (document.activeElement !== button) await pause(20);
  return [...focused].map((element) => element === button);
}"""


def swipe(page: Page, x: float, y: float, across: float, down: float) -> None:
    """Move a finger over the window, in steps as a hand would."""
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 9):
        there = {"x": x + across * part / 8, "y": y + down * part / 8}
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [there]})
    page.wait_for_timeout(120)  # a finger that rests before it is lifted doesn't throw the page, which would scroll on
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def scrolled(lab: Lab) -> float:
    return lab.page.get_by_test_id("stMain").evaluate("main => main.scrollTop")


def centre(lab: Lab, label: str) -> tuple[float, float]:
    """The middle of a slider's track."""
    box = lab.page.get_by_role("group", name=label, exact=True).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_swipe_that_begins_on_a_slider_scrolls_and_only_one_along_it_moves_it(visit: Visit) -> None:
    lab = visit("/", viewport=PHONE, touch=True)
    value = lab.slider_value("Learning rate")
    before = value.inner_text()

    lab.at_rest()
    swipe(lab.page, *centre(lab, "Learning rate"), across=4, down=-200)
    lab.soon(lambda: scrolled(lab) > 100, True)
    expect(value).to_have_text(before)
    value.evaluate("(thumb) => thumb.scrollIntoView({ block: 'center' })")  # the swipe may have put it out of sight
    lab.at_rest()
    swipe(lab.page, *centre(lab, "Learning rate"), across=60, down=5)
    expect(value).not_to_have_text(before)


def test_one_tap_chooses_a_cell_of_a_sweep_and_a_swipe_that_begins_on_the_map_scrolls(visit: Visit) -> None:
    lab = visit("/sweep", viewport=PHONE, touch=True)
    cells, chosen = lab.page.locator("[data-testid=stPlotlyChart] .nsewdrag"), lab.page.locator(".st-key-by-hand")

    expect(chosen).to_contain_text("0.00819")
    lab.at_rest()
    box, button = cells.bounding_box(), lab.button("Run the sweep").bounding_box()
    assert box is not None
    assert button is not None
    assert box["y"] + box["height"] <= button["y"]  # the whole map is in the first screen
    lab.page.touchscreen.tap(box["x"] + 4.5 / 24 * box["width"], box["y"] + 5.5 / 12 * box["height"])
    expect(chosen).to_contain_text(re.compile("0.000496.*0.518", re.DOTALL))
    tip = lab.page.locator(".hoverlayer text")
    expect(tip.first).to_be_visible()
    swipe(lab.page, box["x"] + box["width"] / 2, box["y"] + 150, across=4, down=-150)
    lab.soon(lambda: scrolled(lab) > 100, True)
    expect(tip).to_have_count(0)


def test_the_menu_closes_when_a_page_was_chosen_in_it(visit: Visit) -> None:
    lab = visit("/", viewport=PHONE, touch=True)
    menu = lab.page.get_by_test_id("stSidebar")

    lab.button("Expand sidebar").tap()
    expect(menu).to_have_attribute("data-collapsed", "false")
    lab.at_rest()
    lab.page.get_by_test_id("stSidebarNavLink").filter(has_text="Device").tap()
    expect(lab.page).to_have_url(re.compile("/device$"))
    expect(menu).to_have_attribute("data-collapsed", "true")


def test_the_focus_stays_beside_a_button_that_is_done_and_a_popover_gives_it_back(visit: Visit) -> None:
    lab = visit("/linear?epochs=5")
    lab.train()

    lab.button("Save this run").press("Enter")
    expect(lab.page.get_by_role("link", name="Compare 1/8")).to_be_focused()
    lab.go("/tensors")
    opener = lab.button("All lines so far")
    opener.press("Enter")
    expect(lab.page.get_by_test_id("stPopoverBody")).to_be_focused()
    lab.page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_tab_comes_into_a_row_of_choices_at_the_chosen_one(visit: Visit) -> None:
    lab = visit("/tensors", ready=False)
    section = lab.page.get_by_role("radio", name="Compute", exact=True)

    lab.idle()
    lab.page.get_by_role("button", name="Remove B").focus()
    lab.page.keyboard.press("Tab")
    expect(section).to_be_focused()
    lab.page.keyboard.press("Tab")
    expect(lab.button("All lines so far")).to_be_focused()
    lab.page.keyboard.press("Tab")
    expect(lab.page.get_by_role("radio", name="+", exact=True)).to_be_focused()


def test_the_focus_comes_back_to_a_button_that_was_off_for_a_moment(visit: Visit) -> None:
    lab = visit("/linear")

    lab.button("Copy link").focus()
    assert lab.button("Copy link").evaluate(OFF_FOR_A_MOMENT) == [True]


def test_each_line_of_one_step_is_read_out(visit: Visit) -> None:
    lab = visit("/step")
    spoken = lab.page.locator("body > .wb-unseen[role=status]")

    lab.at_rest()
    line = lab.page.locator(".st-key-line")
    expect(line).to_be_visible()
    before = line.inner_text()
    lab.page.get_by_role("button", name="Next line").first.press("Enter")
    lab.soon(lambda: line.inner_text() != before, True)
    lab.idle()
    expect(spoken).to_have_text(" ".join(line.inner_text().split()))

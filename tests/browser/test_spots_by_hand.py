"""Points with classes that a hand draws, moves and removes on the plane."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import LANGUAGES, LOCALES, Visit
from tests.browser.lab import Lab, words
from tests.browser.test_hands import PHONE, swipe
from tests.browser.test_points_by_hand import COUNT_MESSAGES, moved
from wb_core.base.fields import specs
from wb_core.kinds.points.own import Spot

SPOTS = ((0.0, 0.0, 0), (4.0, 4.0, 0), (0.0, 4.0, 1), (4.0, 0.0, 1), (1.0, 1.0, 0), (1.0, 3.0, 1))
SPEC = specs(wb.PointsConfig)["own"]
PATH = f"/points?epochs=30&data=own&own={SPEC.text(wb.PointsConfig(data='own', own=SPOTS).own)}"

# Where a place of the plane is in the window.
PLACE = """([x1, x2]) => {
  const { boundary } = document.querySelector(".wb-scene").plane;
  const box = boundary.element.getBoundingClientRect();
  return [box.left + boundary.across(x1), box.top + boundary.up(x2)];
}"""
SHOWN = """() => {
  const { points } = document.querySelector(".wb-scene").plane;
  return Array.from(points.x1, (x1, n) => [x1, points.x2[n], points.label[n]]);
}"""


class Plane:
    """The plane of points, with a hand on it."""

    def __init__(self, lab: Lab, language: str = "en") -> None:
        self.lab, self.page, self.words = lab, lab.page, words(language)
        self.cursor = lab.player.locator(".wb-cursor")
        self.said = lab.player.locator(".wb-brush-says")

    def at(self, x1: float, x2: float) -> tuple[float, float]:
        self.lab.at_rest()
        x, y = self.page.evaluate(PLACE, [x1, x2])
        return x, y

    def edit(self) -> None:
        button = self.lab.button(self.words("Edit points"))
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    def brush(self, label: int) -> None:
        name = self.words("class {number}").replace("{number}", str(label))
        self.page.get_by_role("radio", name=name, exact=True).check()


def spots_of(lab: Lab) -> tuple[Spot, ...]:
    """The points in the address."""
    text = parse_qs(urlparse(lab.page.url).query).get("own", [""])[0]
    return SPEC.read(text) if text else ()


def test_a_dragged_point_moves_at_once_and_is_one_step_to_undo(visit: Visit) -> None:
    lab = visit(PATH)
    plane = Plane(lab)
    plane.edit()
    lab.page.evaluate(COUNT_MESSAGES)

    lab.page.mouse.move(*plane.at(1, 1))
    lab.page.mouse.down()
    lab.page.mouse.move(*plane.at(2, 2), steps=5)
    expect(plane.said).to_contain_text("Point 5 of 6, class 0")
    lab.soon(lambda: [round(x) for x in lab.page.evaluate(SHOWN)[4]], [2, 2, 0])
    assert lab.page.evaluate("wbSent") == 0
    with lab.new_recording():
        lab.page.mouse.up()
    assert moved(SPOTS, spots_of(lab)) == [4]
    assert [round(x) for x in spots_of(lab)[4]] == [2, 2, 0]
    with lab.new_recording():
        lab.page.keyboard.press("Control+z")
    assert spots_of(lab) == SPOTS


def test_a_click_adds_a_point_of_the_chosen_class_and_a_drag_out_removes_one(visit: Visit) -> None:
    lab = visit(PATH)
    plane = Plane(lab)
    plane.edit()
    plane.brush(2)
    with lab.new_recording():
        lab.page.mouse.click(*plane.at(3, 2))
    assert len(spots_of(lab)) == 7
    assert [round(x) for x in spots_of(lab)[6]] == [3, 2, 2]
    expect(lab.page.get_by_role("radio", name="class 3", exact=True)).to_be_visible()
    assert lab.violations(".wb-player") == []

    x, y = plane.at(4, 4)
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + 80, y, steps=4)
    with lab.new_recording():
        lab.page.mouse.up()
    assert [spot[:2] for spot in spots_of(lab)[:2]] == [(0.0, 0.0), (0.0, 4.0)]
    expect(plane.said).to_have_text("Removed. Points left: 6.")


def test_by_keyboard_alone_and_the_last_point_of_a_class_stays(visit: Visit) -> None:
    lab = visit("/points?epochs=30&data=own&own=0x0c0p4x4c0p2x2c0p0x4c1")
    plane, press = Plane(lab), lab.page.keyboard.press
    lab.button("Edit points").press("Enter")
    expect(plane.cursor).to_be_focused()
    press("Tab")
    expect(plane.said).to_contain_text("Point 2 of 4, class 0")
    with lab.new_recording():
        press("ArrowDown")
        press("Shift+ArrowLeft")
    changed = spots_of(lab)
    assert moved(((0.0, 0.0, 0), (4.0, 4.0, 0), (2.0, 2.0, 0), (0.0, 4.0, 1)), changed) == [1]
    assert changed[1][0] < 4
    assert changed[1][1] < 4

    press("1")
    with lab.new_recording():
        press("Enter")
    assert spots_of(lab)[4][2] == 1
    with lab.new_recording():
        press("Delete")
    press("End")
    expect(plane.said).to_contain_text("Point 4 of 4, class 1")
    press("Delete")
    expect(plane.said).to_contain_text("at least four points")
    press("Escape")
    expect(lab.button("Edit points")).to_be_focused()
    expect(lab.button("Edit points")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_a_finger_draws_and_may_miss_and_a_swipe_scrolls(visit: Visit, language: str) -> None:
    lab = visit(PATH, locale=LOCALES[language], viewport=PHONE, touch=True)
    plane = Plane(lab, language)
    lab.player.locator(".wb-boundary").scroll_into_view_if_needed()
    plane.edit()
    plane.brush(1)
    with lab.new_recording():
        lab.page.touchscreen.tap(*plane.at(2.5, 2.5))
    assert [round(2 * x) for x in spots_of(lab)[6]] == [5, 5, 2]

    x, y = plane.at(4, 0)
    with lab.new_recording():
        swipe(lab.page, x - 15, y - 15, across=-30, down=-30)
    assert moved([*SPOTS, spots_of(lab)[6]], spots_of(lab)) == [3]
    before = spots_of(lab)
    main = lab.page.get_by_test_id("stMain")
    top = main.evaluate("main => main.scrollTop")
    x, y = plane.at(2, 3.3)
    swipe(lab.page, x, y, across=0, down=-120)
    lab.soon(lambda: main.evaluate("main => main.scrollTop") > top, True)
    assert spots_of(lab) == before


def test_the_points_of_a_pattern_become_ones_own_with_the_first_change(visit: Visit) -> None:
    lab = visit("/points?points=50&epochs=30&seed=7")
    plane = Plane(lab)
    plane.edit()
    plane.brush(1)
    with lab.new_recording():
        lab.page.mouse.click(*plane.at(0, 0))
    assert len(spots_of(lab)) == 51
    expect(plane.said).to_contain_text("Point 51 of 51")
    expect(lab.page.get_by_role("combobox", name="Pattern")).to_have_value("My points")
    with lab.new_recording():
        lab.button("Undo").click()
    assert spots_of(lab) == ()
    expect(plane.said).to_contain_text("A click or tap adds a point")

"""Points that a hand adds, moves and removes; residuals and a line placed by hand."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Locator, expect

import wb_core as wb
from pages.ui.widgets.numbers import number
from tests.browser.conftest import LANGUAGES, LOCALES, Visit
from tests.browser.lab import Lab, words
from tests.browser.test_hands import PHONE, scrolled, swipe
from tests.runs import finished
from wb_core.base.fields import specs
from wb_core.kinds.line.best_line import best_line

POINTS = ((1.0, 2.5), (2.0, 3.1), (4.0, 4.9), (3.0, 4.2), (7.0, 8.5), (5.0, 6.1), (6.0, 7.8), (8.0, 9.1))
CONFIG = wb.LinearConfig(points=POINTS, loss="mse", epochs=40)
SPEC = specs(wb.LinearConfig)["points"]
PATH = f"/linear?loss=mse&epochs=40&points={SPEC.text(CONFIG.points)}"

Pair = tuple[float, float]

# Where a value of the chart of the points is in the window.
PLACE = """([x, y]) => {
  const { l, t } = document.querySelector("[data-chart=fit] .js-plotly-plot").layout.margin;
  const box = document.querySelector(".wb-over").getBoundingClientRect();
  const { xaxis, yaxis } = document.querySelector("[data-chart=fit] .js-plotly-plot")._fullLayout;
  return [box.left + l + xaxis.c2p(x), box.top + t + yaxis.c2p(y)];
}"""


BOXES = "[...document.querySelectorAll('.wb-plot')].map((plot) => JSON.stringify(plot.getBoundingClientRect()))"
COUNT_MESSAGES = """() => {
  const { send } = WebSocket.prototype;
  window.wbSent = 0;
  WebSocket.prototype.send = function (...parts) {
    window.wbSent += 1;
    return send.apply(this, parts);
  };
}"""


class Chart:
    """The chart of the points, with a hand on it."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.page = lab, lab.page
        self.cursor = lab.player.locator(".wb-cursor")
        self.said = lab.player.locator(".wb-meters-text")

    def at(self, point: Pair) -> tuple[float, float]:
        """Where a point is in the window."""
        self.lab.at_rest()
        x, y = self.page.evaluate(PLACE, point)
        return x, y

    def edit(self, name: str = "Edit points") -> None:
        self.lab.button(name).click()
        expect(self.lab.button(name)).to_have_attribute("aria-pressed", "true")

    def drag(self, point: Pair, across: float, down: float) -> None:
        """Drag a point with the mouse, and keep it in the hand."""
        x, y = self.at(point)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + across, y + down, steps=5)

    def meter(self, name: str) -> Locator:
        return self.lab.player.locator(".wb-meter").filter(has_text=re.compile(f"^{name}")).locator("b")


def points_of(lab: Lab) -> tuple[Pair, ...]:
    """The points in the address."""
    text = parse_qs(urlparse(lab.page.url).query).get("points", [""])[0]
    return SPEC.read(text) if text else ()


def moved(before: Sequence[Pair], after: Sequence[Pair]) -> list[int]:
    return [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]


def test_a_dragged_point_moves_the_best_line_at_once_and_is_one_step_to_undo(visit: Visit) -> None:
    lab = visit(PATH)
    lab.train()
    chart = Chart(lab)
    chart.edit()
    best = chart.meter("Best").inner_text()
    lab.page.evaluate(COUNT_MESSAGES)

    chart.drag((4.0, 4.9), 0, 40)
    expect(chart.meter("Best")).not_to_have_text(best)
    expect(chart.said).to_contain_text("Point 3 of 8, for training: X 4, y 3.")
    map_below = lab.player.locator("[data-chart=landscape] .wb-plot")
    expect(map_below).to_have_attribute("data-waits", "Drawn again when you let go")
    held = chart.said.inner_text()
    assert lab.page.evaluate("wbSent") == 0
    with lab.new_recording():
        lab.page.mouse.up()
    expect(map_below).to_have_attribute("data-waits", "")
    config = wb.LinearConfig(points=points_of(lab), loss="mse", epochs=40)
    assert moved(POINTS, config.points) == [2]
    assert held == f"Point 3 of 8, for training: X 4, y {config.points[2][1]:g}."
    lab.reads(finished(config).history.row(-1))
    found = best_line(wb.Run(config).data, "mse")
    expect(chart.meter("Best")).to_have_text(number(found.loss))
    with lab.new_recording():
        lab.page.keyboard.press("Control+z")
    assert points_of(lab) == POINTS
    with lab.new_recording():
        lab.page.keyboard.press("Control+Shift+z")
    assert points_of(lab) == config.points


def test_a_click_adds_a_point_and_a_drag_out_of_the_chart_removes_one(visit: Visit) -> None:
    lab = visit(PATH)
    chart = Chart(lab)
    chart.edit()

    x, y = chart.at((2.0, 7.0))
    with lab.new_recording():
        lab.page.mouse.click(x, y)
    expect(chart.said).to_have_text("Your new point is a test point: the line doesn't learn from it.")
    *before, new = points_of(lab)
    assert tuple(before) == POINTS
    assert new == pytest.approx((2.0, 7.0), abs=0.05)
    chart.drag((7.0, 8.5), 0, -400)
    with lab.new_recording():
        lab.page.mouse.up()
    assert points_of(lab) == (*POINTS[:4], *POINTS[5:], new)
    lab.button("Edit points").click()
    lab.page.mouse.click(x, y + 40)  # outside of the mode, a click means nothing
    lab.at_rest()
    assert len(points_of(lab)) == 8


def test_a_finger_that_misses_a_point_moves_it_and_a_swipe_elsewhere_scrolls(visit: Visit) -> None:
    lab = visit(PATH, viewport=PHONE, touch=True)
    chart = Chart(lab)
    lab.button("Edit points").tap()

    x, y = chart.at((4.0, 4.9))
    with lab.new_recording():
        swipe(lab.page, x + 11, y + 10, across=20, down=60)
    now = points_of(lab)
    assert moved(POINTS, now) == [2]
    assert now[2][1] < 3.5
    x, y = chart.at((2.0, 8.0))
    swipe(lab.page, x, y, across=3, down=-160)
    lab.soon(lambda: scrolled(lab) > 80, True)
    x, y = chart.at((2.0, 8.0))
    with lab.new_recording():
        lab.page.touchscreen.tap(x, y)
    assert points_of(lab)[:-1] == now


def test_points_are_edited_by_keys_alone_and_read_out(visit: Visit) -> None:
    lab = visit(PATH)
    chart = Chart(lab)
    spoken = lab.page.locator("body > .wb-unseen[role=status]")
    press = lab.page.keyboard.press

    lab.button("Edit points").press("Enter")
    expect(chart.cursor).to_be_focused()
    press("PageDown")
    expect(spoken).to_contain_text("Point 2 of 8, for training: X 2, y 3.1.")
    with lab.new_recording():
        press("ArrowUp")
        press("Shift+ArrowUp")
    assert points_of(lab) == (POINTS[0], (2.0, 4.2), *POINTS[2:])
    expect(spoken).to_contain_text("Point 2 of 8, for training: X 2, y 4.2.")
    with lab.new_recording():
        press("Delete")
    assert points_of(lab) == (POINTS[0], *POINTS[2:])
    with lab.new_recording():
        press("Enter")
    assert len(points_of(lab)) == 8
    press("Escape")
    expect(lab.button("Edit points")).to_be_focused()
    expect(lab.button("Edit points")).to_have_attribute("aria-pressed", "false")


def test_delete_works_after_a_click_on_the_button_and_a_refusal_ends_with_other_points(visit: Visit) -> None:
    lab = visit("/linear?loss=mse&points=1x2p2x3p3x5")
    chart = Chart(lab)
    chart.edit()
    expect(chart.said).to_contain_text("adds a point")
    with lab.new_recording():
        lab.page.keyboard.press("Delete")
    assert points_of(lab) == ((2.0, 3.0), (3.0, 5.0))
    lab.page.keyboard.press("Delete")
    expect(chart.said).to_have_text("A line needs at least two points with different X.")
    with lab.new_recording():
        lab.button("Undo").click()
    expect(chart.said).to_contain_text("adds a point")


def test_the_points_of_a_line_become_ones_own_with_the_first_change(visit: Visit) -> None:
    lab = visit("/linear?noise=0.1&seed=7&step=0.05")
    line = wb.LinearConfig(noise=0.1, seed=7, step=0.05)
    chart = Chart(lab)
    chart.edit()
    known = wb.points_of(line)

    chart.drag(known[3], 0, -50)
    with lab.new_recording():
        lab.page.mouse.up()
    assert moved(known, points_of(lab)) == [3]
    with lab.new_recording():
        lab.button("Undo").click()
    expect(lab.page).to_have_url(re.compile(r"/linear\?step=0.05&noise=0.1&seed=7$"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_placed_by_hand_is_judged_beside_the_models_and_the_best(visit: Visit, language: str) -> None:
    _ = words(language)
    lab = visit(PATH, locale=LOCALES[language])
    chart = Chart(lab)
    expect(lab.button(_("My line"))).to_be_visible()
    before = lab.page.evaluate(BOXES)

    lab.button(_("My line")).click()
    lab.player.locator(".wb-tools select").select_option("squares")
    chart.edit(_("Edit points"))
    assert lab.page.evaluate(BOXES) == before
    assert lab.violations(".wb-player") == []
    handle = lab.page.get_by_role("slider", name=_("Right end of my line"))
    value = chart.meter(_("My line"))
    flat = value.inner_text()
    handle.press("Shift+ArrowUp")
    expect(value).not_to_have_text(flat)
    higher = value.inner_text()
    box = handle.bounding_box()
    assert box is not None
    lab.page.mouse.move(box["x"] + 9, box["y"] + 9)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 9, box["y"] + 30, steps=3)
    lab.page.mouse.up()
    expect(value).not_to_have_text(higher)
    run = wb.Run(CONFIG)
    expect(chart.meter(_("Model"))).to_have_text(number(run.losses()["train_loss"]))
    expect(chart.meter(_("Best"))).to_have_text(number(best_line(run.data, "mse").loss))


def test_a_chosen_point_shows_its_residual_and_its_share_of_the_gradient(visit: Visit) -> None:
    lab = visit(PATH)
    lab.train()
    chart = Chart(lab)
    life = wb.biography(finished(CONFIG), 2)
    title = lab.player.locator("[data-chart=share] .wb-title")

    lab.page.mouse.click(*chart.at((4.0, 4.9)))
    expect(title).to_have_text(f"Its share of the gradient: {number(100 * life.shares[-1])}% in epoch 39")
    lab.scrub(1)
    expect(title).to_have_text(f"Its share of the gradient: {number(100 * life.shares[1])}% in epoch 1")
    residual = lab.player.locator("[data-chart=residual] .wb-title")
    expect(residual).to_have_text(f"Point 3: residual {number(life.residuals[1])} at epoch 1")
    chart.cursor.press("PageDown")
    chart.cursor.press("Enter")
    expect(residual).to_contain_text("Point 4:")
    chart.cursor.press("Escape")
    expect(title).to_have_count(0)

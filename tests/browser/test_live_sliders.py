"""A held slider: every picture is that of the run of the stop under the thumb, and letting go changes nothing of it."""

import dataclasses
import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import Lab, written
from tests.runs import finished

CONFIG = wb.LinearConfig(loss="mse", epochs=60)
PATH = "/linear?loss=mse&epochs=60"

# Notes the value of a slider and the numbers above the charts, whenever these have changed; and in every frame from
# `wbLetGo` on, what is on show.
NOTE = """(field) => {
  const input = document.querySelector(`.st-key-LinearConfig-${field} input[type=range]`);
  const numbers = () => [...document.querySelectorAll(".wb-value")].map((value) => value.textContent);
  const lines = () => [...document.querySelectorAll(".wb-chart")].every((chart) => chart.querySelector(".trace path"));
  window.wbPictures = [];
  window.wbLetGo = undefined;
  new MutationObserver(() => wbPictures.push([input.getAttribute("aria-valuetext"), numbers()]))
    .observe(document.querySelector(".wb-readouts"), { subtree: true, childList: true, characterData: true });
  const look = () => {
    wbLetGo?.add(JSON.stringify([numbers(), lines()]));
    requestAnimationFrame(look);
  };
  look();
}"""
# Notes whether a training had a progress bar, however short.
TAKES_TIME = """() => {
  window.wbTookTime = false;
  const look = () => (wbTookTime ||= Boolean(document.querySelector("[data-testid=stProgress]")));
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
}"""
TWO_PICTURES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PLACE = """(field) => {
  const [track, thumb] = ["", " > div:nth-child(2)"].map((part) =>
    document.querySelector(`.st-key-LinearConfig-${field} [role=group] > div${part}`).getBoundingClientRect());
  return [track.left, track.width, thumb.left + thumb.width / 2, thumb.top + thumb.height / 2];
}"""
POINTS = """(trace) => {
  const { x, y } = document.querySelector("[data-chart=fit] .js-plotly-plot").data[trace];
  return [...x].map((value, n) => [value, y[n]]);
}"""


class Slider:
    """One of Streamlit's sliders, with a hand on it."""

    def __init__(self, lab: Lab, field: str) -> None:
        self.lab, self.page, self.field = lab, lab.page, field
        self.input = lab.page.locator(f".st-key-LinearConfig-{field} input[type=range]")
        expect(self.input).to_be_attached()
        lab.at_rest()
        self.page.evaluate(NOTE, field)
        self.left, self.width, self.x, self.y = self.page.evaluate(PLACE, field)

    def at(self, part: float) -> float:
        """The x of a place on the track, from 0 to 1."""
        return self.left + part * self.width

    def grab(self) -> None:
        self.page.mouse.move(self.x, self.y)
        self.page.mouse.down()
        self.known()

    def known(self) -> None:
        """Wait until the browser has the neighbours."""
        expect(self.lab.player).to_have_attribute("data-futures", re.compile(rf"\b{self.field}\b"))

    def move(self, part: float, steps: int = 1) -> None:
        """Move the pointer to a place on the track. React answers a move only when no other one waits."""
        first, self.x = self.x, self.at(part)
        for step in range(1, steps + 1):
            self.page.mouse.move(first + (self.x - first) * step / steps, self.y)
            self.page.evaluate(TWO_PICTURES)

    @property
    def value(self) -> float:
        return float(self.input.get_attribute("aria-valuetext") or "nan")

    def pictures(self) -> dict[str, list[list[str]]]:
        """The numbers that were on show at each value."""
        seen: dict[str, list[list[str]]] = {}
        for value, numbers in self.page.evaluate("wbPictures"):
            seen.setdefault(value, []).append(numbers)
        return seen


def trained_lab(visit: Visit, path: str = PATH, **more: Any) -> Lab:
    """A page on which a changed setting shows its trained run."""
    lab = visit(path, **more)
    lab.train()
    lab.at_rest()
    return lab


def numbers(config: wb.LinearConfig, epoch: int = -1) -> list[str]:
    return [*written(finished(config).history.row(epoch)).values()]


def shows_every_run(slider: Slider, config: wb.LinearConfig = CONFIG, epoch: int = -1) -> int:
    """Each picture had the numbers of the run of its stop; returns how many stops there were."""
    pictures = slider.pictures()
    for value, seen in pictures.items():
        changes: dict[str, Any] = {slider.field: float(value)}
        expected = numbers(dataclasses.replace(config, **changes), epoch)
        assert all(one == expected for one in seen), (value, seen, expected)
    return len(pictures)


def test_every_picture_of_a_drag_is_that_of_its_own_run(visit: Visit) -> None:
    lab = trained_lab(visit)
    slider = Slider(lab, "lr")

    slider.grab()
    slider.move(0.9, steps=14)
    slider.move(0.3, steps=10)
    assert shows_every_run(slider) >= 8
    config = dataclasses.replace(CONFIG, lr=slider.value)
    assert list(lab.readouts().values()) == numbers(config)
    expect(lab.player.locator("[data-chart=loss] .wb-title")).to_have_text(re.compile(numbers(config)[1]))
    expect(lab.page.locator(".st-key-status")).to_have_attribute("data-wb-live", "Too slow")
    expect(lab.page.locator("#wb-future-lr")).to_contain_text("Best: 0.8, with test loss")

    token = lab.token
    lab.page.evaluate("wbLetGo = new Set()")
    lab.page.mouse.up()
    expect(lab.player).not_to_have_attribute("data-token", token)
    lab.at_rest()
    assert lab.page.evaluate("[...wbLetGo].map(JSON.parse)") == [[numbers(config), True]]
    expect(lab.page).to_have_url(re.compile(rf"lr={config.lr}"))
    expect(lab.page.locator(".st-key-status")).not_to_have_attribute("data-wb-live", re.compile("."))


def test_the_data_move_with_their_slider_even_before_a_training(visit: Visit) -> None:
    lab = visit("/linear?loss=mse&noise=0.1")
    lab.unfold()
    slider = Slider(lab, "train_fraction")

    slider.grab()
    slider.move(0.1, steps=5)
    run = wb.Run(wb.LinearConfig(loss="mse", noise=0.1, train_fraction=slider.value))
    wanted = [
        list(pair)
        for pair in zip(run.data.X_train.flatten().tolist(), run.data.y_train.flatten().tolist(), strict=True)
    ]
    lab.soon(lambda: lab.page.evaluate(POINTS, 0), wanted)
    lab.reads({**run.losses(), **run.line})
    token = lab.token
    lab.page.mouse.up()
    expect(lab.player).not_to_have_attribute("data-token", token)
    assert lab.page.evaluate(POINTS, 0) == wanted


def test_keys_show_each_stop_and_escape_goes_back(visit: Visit) -> None:
    lab = trained_lab(visit)
    lab.scrub(20)
    slider = Slider(lab, "lr")
    key = lab.page.get_by_text("Color: test loss, dark is low.")

    expect(key).to_be_hidden()
    slider.input.focus()
    lab.page.keyboard.press("Shift")  # so that the focus is one of a keyboard
    lab.page.keyboard.press("ArrowRight")
    slider.known()
    expect(key).to_be_visible()
    for _ in range(3):
        lab.page.keyboard.press("ArrowRight")
    expect(lab.page).to_have_url(re.compile("lr=0.025"))
    lab.reads(finished(dataclasses.replace(CONFIG, lr=0.025)).history.row(20))
    lab.page.keyboard.press("Escape")
    expect(slider.input).to_have_attribute("aria-valuetext", "0.01")
    expect(lab.page).not_to_have_url(re.compile("lr="))
    lab.at_rest()
    lab.reads(finished(CONFIG).history.row(20))


def test_escape_during_a_drag_goes_back_and_stays_there(visit: Visit) -> None:
    lab = trained_lab(visit)
    lab.scrub(20)
    slider, token = Slider(lab, "lr"), lab.token
    whole_run = lab.page.get_by_text("This speaks of the whole run.")

    expect(whole_run).to_be_visible()
    slider.grab()
    slider.move(0.8, steps=4)
    assert shows_every_run(slider, epoch=20) >= 1
    expect(whole_run).to_be_hidden()  # the outcome of the stop is in its place
    lab.page.keyboard.press("Escape")
    expect(slider.input).to_have_attribute("aria-valuetext", "0.01")
    lab.reads(finished(CONFIG).history.row(20))
    slider.move(0.9, steps=3)
    lab.page.mouse.up()
    lab.at_rest()
    expect(slider.input).to_have_attribute("aria-valuetext", "0.01")
    lab.reads(finished(CONFIG).history.row(20))
    expect(whole_run).to_be_visible()
    assert (lab.token, "lr=" in lab.page.url) == (token, False)


@pytest.mark.slow
def test_a_finger_drags_as_a_mouse_does(visit: Visit) -> None:
    lab = trained_lab(visit)
    slider = Slider(lab, "lr")
    session = lab.page.context.new_cdp_session(lab.page)

    def touch(kind: str, *x: float) -> None:
        points = [{"x": one, "y": slider.y} for one in x]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", slider.x)
    touch("touchMove", slider.x + 0.04 * slider.width)  # along the slider, so it isn't a swipe over the page
    slider.known()
    for step in range(1, 9):
        touch("touchMove", slider.x + step * 0.04 * slider.width)
    assert shows_every_run(slider) >= 4
    touch("touchEnd")
    expect(lab.page).to_have_url(re.compile(rf"lr={slider.value}"))
    lab.reads(finished(dataclasses.replace(CONFIG, lr=slider.value)).history.row(-1))


def test_the_landscape_under_a_held_thumb_is_that_of_the_page(visit: Visit) -> None:
    lab = visit()
    find = "performance.getEntriesByType('resource').map((e) => e.name).find((n) => /ground-/.test(n))"
    script = lab.page.wait_for_function(find).json_value()
    data = wb.Run(wb.LinearConfig(weight=1.7, noise=0.3)).data
    for loss in wb.LOSSES:
        surface = wb.loss_surface(data, loss, (-1.0, 3.0), (-2.0, 0.5))
        columns = {
            "X_train": data.X_train.flatten().tolist(),
            "y_train": data.y_train.flatten().tolist(),
            "grid_weight": [-1.0, 3.0],
            "grid_bias": [-2.0, 0.5],
        }
        ground = "([s, c, l]) => import(s).then((m) => m.groundOf(c, l)).then((g) => [...g.grid_loss])"
        found = lab.page.evaluate(ground, [script, columns, loss])
        assert found == pytest.approx(surface.losses.flatten().tolist(), rel=1e-5)


@pytest.mark.slow
def test_letting_go_of_a_long_run_keeps_its_picture_while_it_trains(visit: Visit) -> None:
    lab = trained_lab(visit, "/linear?loss=mse&epochs=5000&optimizer=adam")
    slider = Slider(lab, "lr")
    slider.grab()
    slider.move(0.7, steps=3)
    run = finished(wb.LinearConfig(loss="mse", epochs=5000, optimizer="adam", lr=slider.value))
    lab.reads(run.history.row(-1))

    lab.page.evaluate(TAKES_TIME)
    lab.page.evaluate("wbLetGo = new Set()")
    with lab.new_recording():
        lab.page.mouse.up()
        lab.page.wait_for_function("wbTookTime")
    lab.shows(4999)
    lab.at_rest()
    assert lab.page.evaluate("[...wbLetGo].map(JSON.parse)") == [[[*written(run.history.row(-1)).values()], True]]
    lab.scrub(1234)  # which the picture before did not have
    lab.reads(run.history.row(1234))


@pytest.mark.slow
def test_two_visitors_drag_without_seeing_each_other(visit: Visit) -> None:
    paths = ("/linear?loss=mse&epochs=60", "/linear?loss=mse&epochs=60&noise=0.1&seed=7")
    configs = CONFIG, dataclasses.replace(CONFIG, noise=0.1, seed=7)
    sliders = [Slider(trained_lab(visit, path), "lr") for path in paths]

    for slider in sliders:
        slider.grab()
    for part in (0.6, 0.7, 0.8, 0.4):
        for slider in sliders:
            slider.move(part, steps=2)
    for slider, config in zip(sliders, configs, strict=True):
        assert shows_every_run(slider, config) >= 3
        slider.page.mouse.up()


@pytest.mark.slow
def test_a_slider_works_as_ever_if_the_server_has_no_neighbours_for_it(visit: Visit) -> None:
    lab = trained_lab(visit)
    lab.page.route("**/neighbours*", lambda route: route.fulfill(status=204))
    slider = Slider(lab, "lr")

    lab.page.mouse.move(slider.x, slider.y)
    lab.page.mouse.down()
    slider.move(0.8, steps=4)
    assert lab.page.evaluate("wbPictures") == []
    with lab.new_recording():
        lab.page.mouse.up()
    lab.reads(finished(dataclasses.replace(CONFIG, lr=slider.value)).history.row(-1))


def test_neighbours_that_come_after_the_servers_answer_do_not_cover_it(visit: Visit) -> None:
    lab = trained_lab(visit, "/linear?loss=mse&epochs=1000")
    late: list[Route] = []
    lab.page.route("**/neighbours*", lambda route: late.append(route))
    slider = Slider(lab, "lr")

    with lab.new_recording():
        slider.input.press("ArrowRight")
    lab.shows(999)
    late[-1].continue_()
    slider.known()
    lab.page.evaluate(TWO_PICTURES)
    expect(lab.page.locator(".st-key-status")).not_to_have_attribute("data-wb-live", re.compile("."))
    lab.shows(999)  # the neighbours have 200 epochs


@pytest.mark.slow
def test_the_page_with_a_known_future_is_accessible(visit: Visit) -> None:
    lab = trained_lab(visit, color_scheme="dark")
    slider = Slider(lab, "lr")
    slider.grab()
    lab.page.mouse.up()
    lab.at_rest()
    assert lab.violations() == []

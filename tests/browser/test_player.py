"""The player: buttons, slider, speed, keys, and what it draws."""

import io
import re

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

import wb_core as wb
from pages.ui.widgets.numbers import number
from tests.browser.conftest import Visit
from tests.browser.lab import Lab, trained

TWO_PICTURES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def stands_still(lab: Lab) -> None:
    frame = lab.player.get_attribute("data-frame")
    for _ in range(3):
        lab.page.evaluate(TWO_PICTURES)
    assert lab.player.get_attribute("data-frame") == frame


@pytest.fixture(scope="module")
def page(visit_for_long: Visit) -> Lab:
    """A page with a training, which the tests use one after the other."""
    lab = visit_for_long()
    lab.train()
    return lab


@pytest.fixture
def lab(page: Lab) -> Lab:
    """The same, paused at the end of the training, as fast as at first."""
    page.player.get_by_role("combobox", name="Speed").select_option("1")
    page.button("To end").click()
    page.shows(99)
    return page


def test_the_buttons_and_the_slider_move_through_the_epochs(lab: Lab) -> None:
    run = trained()

    untrained = wb.Run(wb.LinearConfig())
    for name in ("To start", "Step back"):
        lab.button(name).click()
        lab.shows(-1)
        lab.reads({**untrained.losses(), **untrained.line})
        expect(lab.player.locator("output")).to_have_text("start")
    steps = [("Step forward", 0), ("Step forward", 1), ("To end", 99), ("Step forward", 99), ("Step back", 98)]
    for name, frame in steps:
        lab.button(name).click()
        lab.shows(frame)
        lab.reads(run.history.row(frame))
    lab.scrub(40)
    expect(lab.player.locator("output")).to_have_text("40")
    expect(lab.player.get_by_role("slider", name="Epoch shown")).to_have_value("40")


def test_the_play_button_plays_and_pauses(lab: Lab) -> None:
    lab.player.get_by_role("combobox", name="Speed").select_option("0.25")
    lab.button("Play").click()  # from the end it begins again
    expect(lab.player).to_have_attribute("data-frame", re.compile(r"^[1-8]\d?$"))
    lab.button("Pause").click()
    expect(lab.player).to_have_attribute("data-state", "paused")
    assert int(lab.player.get_attribute("data-frame") or 0) < 99
    stands_still(lab)
    expect(lab.button("Play")).to_be_visible()


@pytest.mark.parametrize("place", ["the player", "the page", "a chart", "the Train button"])
def test_keys_do_what_the_buttons_do(lab: Lab, place: str) -> None:
    press = lab.page.keyboard.press
    go_to = {
        "the player": lab.button("Play").focus,
        "the page": lab.page.get_by_role("heading", name="Linear regression").click,
        "a chart": lab.player.get_by_role("img").first.click,
        "the Train button": lab.button("Train").focus,
    }

    lab.player.get_by_role("combobox", name="Speed").select_option("0.25")
    go_to[place]()
    for key, frame in [("Home", -1), ("ArrowRight", 0), ("ArrowRight", 1), ("ArrowLeft", 0), ("End", 99)]:
        press(key)
        lab.shows(frame)
    if place in ("the page", "a chart"):  # on a button, space presses it
        press("Space")
        expect(lab.player).to_have_attribute("data-state", "playing")
        press("Space")
        expect(lab.player).to_have_attribute("data-state", "paused")
        stands_still(lab)


def test_keys_in_another_control_do_not_move_the_player(visit: Visit) -> None:
    lab = visit()

    lab.unfold()
    lab.train()
    for key in ("ArrowLeft", "Home", "End", "Space"):
        lab.page.get_by_role("spinbutton", name="Seed").press(key)
    lab.move("Epochs", "ArrowRight")
    expect(lab.slider_value("Epochs")).to_have_text("101")
    lab.shows(100)
    assert lab.frames() == [0, 99, 100]  # the ends of the two runs


def test_a_playback_draws_every_epoch(visit: Visit) -> None:
    lab = visit("/linear?epochs=60", reduced_motion="no-preference")

    lab.train()
    lab.shows(59)
    assert lab.frames() == [0, *range(-1, 60)]  # the untrained model, then the film


def test_a_faster_playback_skips_frames_and_ends_at_the_last(lab: Lab) -> None:
    lab.player.get_by_role("combobox", name="Speed").select_option("16")
    lab.button("To start").click()
    lab.shows(-1)
    before = len(lab.frames())
    lab.button("Play").click()
    lab.shows(99)
    assert lab.frames()[before:] == [15, 31, 47, 63, 79, 95, 99]


def test_a_reset_during_a_playback_shows_the_untrained_model(visit: Visit) -> None:
    lab = visit("/linear?epochs=400", reduced_motion="no-preference")

    lab.train()
    lab.player.get_by_role("combobox", name="Speed").select_option("0.25")
    lab.button("To start").click()
    lab.button("Play").click()
    expect(lab.player).to_have_attribute("data-state", "playing")
    with lab.new_recording():
        lab.button("Reset").click()
    lab.shows(0)
    expect(lab.readout("Model's weight")).to_have_text("0.3367")  # where seed 42 starts


@pytest.mark.slow
def test_the_landscape_stays_visible_after_a_playback(visit: Visit) -> None:
    lab = visit("/linear?epochs=60", reduced_motion="no-preference")
    landscape = lab.player.locator("[data-chart=landscape] .wb-plot")

    lab.train()
    lab.shows(59)
    assert lab.drawn("landscape", 0)["type"] == "contour"
    path = {"type": "scatter", "n": 61}  # the start, and a point for each epoch
    lab.soon(lambda: lab.drawn("landscape", 0, layer=1), path)
    colours = Image.open(io.BytesIO(landscape.screenshot())).convert("RGB").getcolors(maxcolors=1 << 20)
    assert colours is not None
    assert len(colours) > 200  # a surface, not an empty frame with a line in it


def test_each_chart_has_a_text_summary(lab: Lab) -> None:
    run = trained()
    last, start = run.history.row(-1), wb.Run(run.config).line
    best = wb.best_line(run.data, run.config.loss)
    train, test, weight, bias = (number(last[name]) for name in ("train_loss", "test_loss", "weight", "bias"))

    for sentence in (
        f"At epoch 99 train loss {train}, test loss {test}.",
        f"At epoch 99 it predicts y = {weight} times X plus {bias}.",
        (
            f"100 steps lead from weight {number(start['weight'])}, bias {number(start['bias'])} to weight {weight}, "
            f"bias {bias}; the loss is lowest at weight {number(best.weight)}, bias {number(best.bias)}."
        ),
    ):
        expect(lab.player.get_by_role("img", name=sentence)).to_be_visible()


def test_hover_shows_the_epoch_and_the_exact_value(lab: Lab) -> None:
    run = trained()

    plot = lab.player.locator("[data-chart=loss] .js-plotly-plot")
    plot.hover()  # in sight
    x, y = plot.evaluate(
        """(plot, [epoch, loss]) => {
          const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect();
          return [box.x + xaxis._offset + xaxis.d2p(epoch), box.y + yaxis._offset + yaxis.d2p(loss)];
        }""",
        [50, run.history.row(50)["train_loss"]],
    )
    lab.page.mouse.move(x, y)
    expect(plot.locator(".hoverlayer")).to_contain_text(f"epoch 50train {run.history.row(50)['train_loss']:.6g}")


def test_the_player_writes_numbers_as_the_tables_do(lab: Lab) -> None:
    values = [0.0, 1e-7, -0.00012345, 0.5, -1.25, 9.9999, 12.3, 999.96, 99_999.5, 123_456.0, -1e30]

    script = lab.page.evaluate(
        "performance.getEntriesByType('resource').map((e) => e.name).find((n) => /text-[0-9a-f]{12}/.test(n))"
    )
    formatted = lab.page.evaluate("([s, values]) => import(s).then((m) => values.map(m.format))", [script, values])
    assert formatted == [number(value) for value in values]


def charts_of(lab: Lab) -> Image.Image:
    return Image.open(io.BytesIO(lab.player.locator(".wb-charts").screenshot())).convert("L")


@pytest.mark.parametrize("settings", ["loss=mse&lr=0.1", "loss=mse&lr=1"], ids=["learning", "exploding"])
def test_a_sketch_is_the_picture_that_plotly_draws(visit: Visit, settings: str) -> None:
    lab = visit(f"/linear?{settings}")
    lab.train()
    lab.scrub(30)
    expect(lab.player.locator(".wb-sketched")).to_have_count(0)
    drawn = charts_of(lab)
    differing = {}
    for canvas in ("visible", "hidden"):
        style = f".wb-plot canvas {{ visibility: {canvas} !important }} .scatterlayer {{ visibility: hidden }}"
        lab.page.add_style_tag(content=style)
        differing[canvas] = sum(ImageChops.difference(drawn, charts_of(lab)).histogram()[60:])
    assert differing["hidden"] > 1000  # pixels of lines and marks
    assert differing["visible"] < differing["hidden"] / 10


def test_the_buttons_of_the_player_win_over_a_slider_that_is_let_go(visit: Visit) -> None:
    lab = visit("/")
    box = lab.page.get_by_role("group", name="Learning rate", exact=True).bounding_box()
    assert box is not None

    expect(lab.player).to_have_attribute("data-futures", "lr")
    lab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    with lab.new_recording():
        lab.page.mouse.down()
        expect(lab.page.locator(".st-key-status")).to_have_attribute("data-wb-live", re.compile("."))
        for name in ("To end", "To start"):
            lab.button(name).evaluate("(button) => button.click()")
        lab.page.mouse.up()
    lab.shows(-1)

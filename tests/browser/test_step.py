"""Stepping through an epoch, line by line."""

import re

import pytest
from playwright.sync_api import Locator, expect

import wb_core as wb
from pages.ui.step.explanations import SENTENCES
from pages.ui.step.view import NAMES
from pages.ui.widgets.numbers import close_up, number
from tests.browser.conftest import LANGUAGES, LOCALES, THEMES, Visit
from tests.browser.lab import STOP, Lab, trained, words
from wb_core.base.step import LINES
from wb_core.kinds.line.microscope import WHAT_IFS, Microscope, Moment


def moment(epoch: int, line: str, what_if: str = "none", **settings: object) -> Moment:
    """The engine's moment right after a line."""
    scope = Microscope(wb.LinearConfig(**settings), what_if=what_if)
    while not scope.run.done:
        scope.advance(0.01)
    return scope.look(epoch).around(line)[1]


def row(lab: Lab, name: str) -> Locator:
    """A row of the table of tensors: the cells shape, before, after."""
    head = lab.page.locator("th[scope=row]").filter(has_text=re.compile(rf"^\W*{re.escape(name)}$"))
    return lab.page.locator(".wb-memory tr").filter(has=head)


def walk(lab: Lab, name: str) -> Locator:
    """One of the buttons under the code."""
    return lab.page.locator(".wb-walk-buttons").get_by_role("button", name=name, exact=True)


def line_of(lab: Lab, line: str) -> Locator:
    """A line of the code."""
    return lab.page.locator(f".wb-code [data-line={line}]")


def at(lab: Lab, line: str, language: str = "en") -> None:
    """Wait until the page shows this line, with the charts of it."""
    name = re.compile(rf"^(\d · )?{re.escape(words(language)(NAMES[line]))}$")
    expect(lab.page.get_by_role("heading", level=2, name=name)).to_be_visible()
    expect(lab.player).to_have_attribute("data-token", re.compile(rf"\.{line}$"))
    lab.idle()


@pytest.mark.parametrize("language", LANGUAGES)
def test_stepping_through_an_epoch_shows_the_numbers_of_pytorch(visit: Visit, language: str) -> None:
    _ = words(language)
    lab = visit("/step?epoch=5&line=train", locale=LOCALES[language])

    at(lab, "train", language)
    for line in LINES[1:]:
        walk(lab, _("Next line")).click()
        at(lab, line, language)
        expect(lab.page.locator(".st-key-line").get_by_text(_(SENTENCES[line]))).to_be_visible()
        for name, tensor in moment(5, line).tensors.items():
            if tensor is not None and tensor.numel() == 1:
                expect(row(lab, name).locator("td").last).to_have_text(close_up(tensor.item()))
    expect(lab.page).to_have_url(f"{lab.origin}/step?epoch=5&line=evaluate")
    walk(lab, _("Next line")).click()
    at(lab, "train", language)
    expect(lab.page).to_have_url(f"{lab.origin}/step?epoch=6&line=train")


def test_by_keyboard_alone(visit: Visit) -> None:
    lab = visit("/step?line=train")

    at(lab, "train")
    expect(walk(lab, "Next line")).to_have_attribute("aria-disabled", "false")
    for line in LINES[1:]:
        lab.at_rest()
        lab.page.keyboard.press("ArrowRight")
        at(lab, line)
    lab.at_rest()
    lab.page.keyboard.press("ArrowLeft")
    at(lab, "step")
    lab.page.keyboard.press("Shift+ArrowRight")
    expect(lab.page).to_have_url(f"{lab.origin}/step?epoch=1&line=step")
    lab.move("Epoch", "ArrowRight")  # which moves only the slider
    expect(lab.page).to_have_url(f"{lab.origin}/step?epoch=2&line=step")
    at(lab, "step")
    lab.at_rest()
    backward = line_of(lab, "backward")
    backward.focus()
    lab.page.keyboard.press("Enter")
    at(lab, "backward")
    expect(backward).to_be_focused()


def test_quick_key_presses_are_not_lost(visit: Visit) -> None:
    lab = visit("/step?line=train")

    at(lab, "train")
    for _ in range(8):
        lab.page.keyboard.press("ArrowRight")
    # The code answers at once; the server catches up.
    assert lab.page.locator(".wb-walk").evaluate("walk => [walk.dataset.epoch, walk.dataset.line]") == ["1", LINES[1]]
    at(lab, LINES[1])
    expect(lab.page).to_have_url(f"{lab.origin}/step?epoch=1")
    expect(line_of(lab, LINES[1])).to_have_attribute("aria-current", "step")
    for _ in range(3):
        lab.page.keyboard.press("ArrowLeft")
    at(lab, LINES[-2])
    lab.choose("What if", "Skip step")
    at(lab, LINES[-2])
    expect(lab.page).to_have_url(f"{lab.origin}/step?line={LINES[-2]}&what_if=skip_step")


def test_code_graph_explanation_and_chart_are_visible_together(visit: Visit) -> None:
    lab = visit("/step?line=step&what_if=lr_100", viewport={"width": 1400, "height": 900})

    at(lab, "step")
    graph = lab.page.get_by_test_id("stGraphVizChart")
    expect(graph.locator("svg")).to_be_visible()
    for part in (
        lab.page.locator(".wb-code"),
        graph,
        lab.page.locator(".st-key-told"),
        lab.page.locator(".wb-plot").first,
    ):
        expect(part).to_be_in_viewport(ratio=1)
    assert [number.inner_text() for number in lab.page.locator(".wb-number-of-line").all()] == ["", *"12345", ""]
    arrow = lab.page.locator("[data-chart=step-line] .js-plotly-plot")
    assert (
        arrow.evaluate("plot => plot.data.filter((trace) => trace.marker?.symbol === 'triangle-up')[0].x.length") == 1
    )


def test_a_what_if_is_run_for_real_and_explained(visit: Visit) -> None:
    lab = visit("/step?epoch=3&line=backward")

    expect(row(lab, "bias.grad").locator("td").last).to_have_text("-1.000")
    lab.choose("What if", "Skip zero_grad")
    expect(row(lab, "bias.grad").locator("td").last).to_have_text("-4.000")
    expect(lab.page.get_by_text(WHAT_IFS["skip_zero_grad"].why)).to_be_visible()
    scope = Microscope(wb.LinearConfig(), what_if="skip_zero_grad")
    scope.advance(60)
    ends = [number(run.history.row(-1)["test_loss"]) for run in (scope.run, trained())]
    outcome = f"Test loss at the end of the run: {ends[0]}. Without this change: {ends[1]}."
    expect(lab.page.get_by_text(outcome)).to_be_visible()
    line_of(lab, "zero_grad").click()
    expect(lab.page.get_by_text("This line is left out, so nothing happens here.")).to_be_visible()
    expect(lab.page.locator(".wb-changed")).to_have_count(0)


def test_any_epoch_of_the_lab_opens_line_by_line_and_back(visit: Visit) -> None:
    lab = visit("/linear?lr=0.05")

    lab.train()
    lab.scrub(37)
    lab.button("Line by line").click()
    at(lab, "forward")
    expect(lab.page).to_have_url(f"{lab.origin}/step?lr=0.05&epoch=37")
    line_of(lab, "step").click()
    at(lab, "step")
    expect(row(lab, "weights").locator("td").last).to_have_text(close_up(trained(lr=0.05).history.row(37)["weight"]))
    lab.page.get_by_role("link", name="Change the settings in the linear-regression lab").click()
    expect(lab.page).to_have_url(f"{lab.origin}/linear?lr=0.05")
    lab.reads(trained(lr=0.05).history.row(-1))
    lab.page.go_back()
    at(lab, "step")
    expect(lab.page).to_have_url(f"{lab.origin}/step?lr=0.05&epoch=37&line=step")


def test_the_graph_is_drawn_with_names_and_shapes(visit: Visit) -> None:
    lab = visit("/step?loss=mse&line=loss")

    graph = lab.page.get_by_test_id("stGraphVizChart")
    for text in ("weights", "bias", "multiply", "MulBackward0 (40, 1)", "mean of the squares", "MseLossBackward0 ()"):
        expect(graph.locator("text", has_text=text).first).to_be_visible()


def test_an_epoch_beyond_the_run_is_reported_and_a_reload_keeps_the_place(visit: Visit) -> None:
    lab = visit("/step?epochs=20&epoch=4000&line=loss&what_if=swap")

    expect(lab.page.get_by_text("This run has no epoch 4,000, so you see its last one, 19.")).to_be_visible()
    expect(lab.page).to_have_url(f"{lab.origin}/step?epochs=20&epoch=19&line=loss&what_if=swap")
    lab.page.reload()
    at(lab, "loss")
    expect(lab.choice("What if")).to_have_value("zero_grad after backward")
    expect(walk(lab, "Next epoch")).to_have_attribute("aria-disabled", "true")


@pytest.mark.slow
def test_a_long_run_shows_its_progress_and_can_be_stopped(visit: Visit) -> None:
    lab = visit("/step?epochs=5000&epoch=4999&optimizer=adam&start=-5&end=5&step=0.005", ready=False)

    lab.page.evaluate(STOP)
    lab.ready()
    stopped = lab.page.get_by_text(re.compile(r"^Stopped after [\d,]+ of 5,000 epochs"))
    expect(stopped).to_be_visible()
    lab.button("Train the rest").click()
    expect(stopped).not_to_be_visible()
    lab.ready()
    assert lab.page.get_by_text("Traceback").count() == 0


@pytest.mark.parametrize("color_scheme", THEMES)
def test_axe_finds_nothing_serious(visit: Visit, color_scheme: str) -> None:
    lab = visit("/step?line=backward&what_if=skip_zero_grad", color_scheme=color_scheme)

    expect(lab.page.get_by_test_id("stGraphVizChart").locator("svg")).to_be_visible()
    assert lab.violations() == []


@pytest.mark.slow
def test_a_narrow_window_keeps_the_buttons_in_reach(visit: Visit) -> None:
    lab = visit("/step?line=loss", viewport={"width": 360, "height": 740})

    lab.fits()
    for name in ("Back", "Next line", "Next epoch"):
        expect(walk(lab, name)).to_be_in_viewport(ratio=1)
    rows = lab.page.locator(".wb-memory tbody tr")
    expect(rows.first).to_be_visible()
    lab.at_rest()
    assert all(row.bounding_box()["height"] < 60 for row in rows.all())
    walk(lab, "Next line").click()
    at(lab, "zero_grad")
    lab.fits()


@pytest.mark.slow
def test_a_long_what_if_trains_both_runs(visit: Visit) -> None:
    lab = visit("/step?epochs=4000&what_if=skip_zero_grad&epoch=3999&line=loss")

    at(lab, "loss")
    expect(lab.page.get_by_text("Test loss at the end of the run")).to_be_visible()
    loss = moment(3999, "loss", what_if="skip_zero_grad", epochs=4000).tensors["loss"]
    assert loss is not None
    expect(row(lab, "loss").locator("td").last).to_have_text(close_up(loss.item()))

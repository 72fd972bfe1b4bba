"""The diagnosis in the lab: its text, its button, and the limit on the learning-rate slider."""

import re

import pytest
from playwright.sync_api import Locator, expect

import wb_core as wb
from pages.ui.labs.line.diagnosis_sentences import TEXTS
from pages.ui.widgets.numbers import number
from tests.browser.conftest import LANGUAGES, LOCALES, Visit
from tests.browser.lab import Lab, trained, words


def said(lab: Lab) -> Locator:
    return lab.page.locator(".st-key-diagnosis").get_by_test_id("stAlert")


def advice(lab: Lab) -> Locator:
    return lab.page.locator(".st-key-diagnosis").get_by_role("button")


def begins(key: str, language: str) -> str:
    """The bold words of a diagnosis."""
    found = re.search(r"\*\*(.+?)\*\*", words(language)(TEXTS[key]))
    assert found
    return found[1]


CASES = {
    "exploding": ("loss=mse&lr=1", {"loss": "mse", "lr": 1.0}, "exploding"),
    "bouncing": ("lr=0.5", {"lr": 0.5}, "bouncing sgd"),
    "too slow": ("lr=0.0001", {"lr": 0.0001}, "too_slow"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "case", ["bouncing", *(pytest.param(case, marks=pytest.mark.slow) for case in CASES if case != "bouncing")]
)
def test_the_suggestion_can_be_applied_by_keyboard(visit: Visit, case: str, language: str) -> None:
    _ = words(language)
    query, settings, key = CASES[case]
    lab = visit(f"/linear?{query}", locale=LOCALES[language])
    run = trained(**settings)
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)
    assert diagnosis.suggestion

    with lab.new_recording():
        lab.button(_("Train")).press("Enter")
    expect(said(lab)).to_contain_text(begins(key, language))
    for name in ("low", "high", "lowest", "first", "last"):
        if name in diagnosis.evidence:
            expect(said(lab)).to_contain_text(number(diagnosis.evidence[name]))
    lr = diagnosis.suggestion.changes["lr"]
    expect(advice(lab)).to_contain_text(f"{lr:.10g}")
    with lab.new_recording():
        advice(lab).press("Enter")
    expect(lab.slider_value(_("Learning rate"))).to_have_text(f"{lr:.10g}")
    better = trained(**{**settings, **diagnosis.suggestion.changes})
    lab.shows(better.epoch - 1)
    lab.reads(better.history.row(-1), _)
    expect(said(lab)).not_to_contain_text(begins(key, language))


def test_the_button_of_a_learning_run_continues_it(visit: Visit) -> None:
    lab = visit()

    lab.train()
    expect(said(lab)).to_contain_text("Learning.")
    with lab.new_recording():
        advice(lab).click()
    lab.shows(199)
    lab.reads(trained(epochs=200).history.row(-1))


@pytest.mark.slow
def test_the_layout_does_not_move_when_a_diagnosis_appears(visit: Visit) -> None:
    lab = visit("/", ready=False)

    for query in ("lr=0.5", "loss=mse&lr=1&epochs=1000", "loss=mse&lr=0.5&epochs=300"):
        lab.go(f"/linear?{query}")
        lab.ready()
        panels = lab.page.get_by_role("radiogroup").or_(lab.page.get_by_test_id("stButtonGroup")).last
        lab.at_rest()
        before = panels.bounding_box()
        lab.train()
        expect(said(lab)).to_be_visible()
        lab.at_rest()
        lab.soon(panels.bounding_box, before)
        for control in (advice(lab), lab.button("Train"), lab.player.locator(".wb-transport"), said(lab)):
            if control.count():
                expect(control).to_be_in_viewport(ratio=1)


class TestLimit:
    def test_the_limit_is_at_its_learning_rate_on_the_slider(self, visit: Visit) -> None:
        lab = visit("/linear?loss=mse")
        mark = lab.page.locator(".wb-limit i")
        limit = wb.limits_of(trained(epochs=1).data, "mse").lr(wb.LinearConfig(loss="mse"))
        assert limit is not None

        expect(lab.page.locator(".wb-limit-name")).to_have_text(f"limit {limit:.4g}")
        thumb = lab.slider("Learning rate").locator("xpath=../..")
        lab.move("Learning rate", "End")
        expect(lab.page).to_have_url(f"{lab.origin}/linear?loss=mse&lr=1")
        lab.at_rest()
        last, place = thumb.bounding_box(), mark.bounding_box()
        assert last
        assert place
        lab.move("Learning rate", "ArrowLeft")  # from 1 to 0.8
        expect(lab.page).to_have_url(f"{lab.origin}/linear?loss=mse&lr=0.8")
        lab.at_rest()
        before = thumb.bounding_box()
        assert before
        assert before["x"] + before["width"] / 2 < place["x"] < last["x"] + last["width"] / 2
        assert before["y"] < place["y"] + place["height"] / 2 < before["y"] + before["height"]

    def test_the_limit_has_help_and_disappears_for_other_losses(self, visit: Visit) -> None:
        lab = visit("/linear?loss=mse")
        tip = lab.page.locator(".wb-limit-help")

        expect(tip).to_be_hidden()
        lab.page.locator(".wb-limit-name").focus()
        expect(tip).to_be_visible()
        expect(tip).to_contain_text("explodes")
        lab.unfold()
        with lab.new_recording():
            lab.choose("Loss", "L1 (absolute)")
        expect(lab.page.locator(".wb-limit")).to_have_count(0)

    @pytest.mark.slow
    def test_the_limit_fits_a_narrow_screen(self, visit: Visit) -> None:
        lab = visit("/linear?loss=mse", viewport={"width": 360, "height": 740})

        lab.button("Settings").click()
        name = lab.page.locator(".wb-limit-name")
        name.scroll_into_view_if_needed()
        box = name.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        name.focus()
        expect(lab.page.locator(".wb-limit-help")).to_be_visible()
        lab.at_rest()
        tip = lab.page.locator(".wb-limit-help").bounding_box()
        assert tip
        assert tip["x"] >= 0
        assert tip["x"] + tip["width"] <= 360

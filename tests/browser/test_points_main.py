"""The main path of points in the plane: open, train, look back, an example, a reload; in Korean, and on a phone."""

from collections.abc import Mapping
from functools import cache

import numpy as np
from playwright.sync_api import expect

import wb_core as wb
from pages.ui.labs.points.presets import PRESETS
from pages.ui.widgets.numbers import number
from tests.browser.conftest import LOCALES, Visit
from tests.browser.geometry import findings
from tests.browser.lab import Lab, words
from tests.runs import finished

LABELS = {
    "Train loss": "train_loss",
    "Test loss": "test_loss",
    "Train accuracy (%)": "train_accuracy",
    "Test accuracy (%)": "test_accuracy",
}
PHONE = {"width": 360, "height": 740}

learned = cache(finished)


def reads(lab: Lab, row: Mapping[str, float], language: str = "en") -> None:
    """Wait until the four numbers above the charts are those of a row of a history."""
    for label, column in LABELS.items():
        expect(lab.readout(words(language)(label))).to_have_text(number(float(np.float32(row[column]))))


def test_train_look_back_take_an_example_and_reload(visit: Visit) -> None:
    lab, run = visit("/points"), learned(wb.PointsConfig())

    lab.train()
    lab.shows(199)
    reads(lab, run.history.row(-1))
    expect(lab.page.locator(".st-key-diagnosis")).to_contain_text("Learned.")
    lab.scrub(40)
    reads(lab, run.history.row(40))
    expect(lab.page.get_by_text("This speaks of the whole run.")).to_be_visible()

    preset = PRESETS["overfitting"]
    with lab.new_recording():
        lab.page.get_by_role("radio", name=preset.name, exact=True).click()
    lab.shows(299)
    last = learned(preset.config).history.row(-1)
    reads(lab, last)
    expect(lab.page.get_by_text(preset.sentence)).to_be_visible()
    expect(lab.page.locator(".st-key-diagnosis")).to_contain_text("Overfitting")

    lab.page.reload()
    lab.ready()
    lab.shows(299)
    reads(lab, last)
    with lab.new_recording():
        lab.button("Undo").click()
    lab.shows(199)
    reads(lab, run.history.row(-1))


def test_a_korean_visitor_trains_with_a_finger(visit: Visit) -> None:
    lab, _ = visit("/points", viewport=PHONE, touch=True, locale=LOCALES["ko"]), words("ko")

    with lab.new_recording():
        lab.button(_("Train")).click()
    lab.shows(199)
    reads(lab, learned(wb.PointsConfig()).history.row(-1), "ko")
    lab.button(_("Settings")).click()
    expect(lab.page.get_by_role("radiogroup", name=_("Hidden layers"))).to_be_visible()
    lab.fits()
    lab.soon(lambda: findings(lab.page, touch=True), [])
    assert lab.violations() == []

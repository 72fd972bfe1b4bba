"""The image sweep in a browser: results that arrive, a reload, a run opened in its lab."""

import re

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import LOCALES, Visit
from tests.browser.lab import PATIENCE, Lab, words

LR = "x_low=0.01&x_high=0.1&x_steps=2"
FORMER = "/sweep_images?x=lr*0.01*0.1*2*log&y=optimizer&epochs=1"
EPOCH = "Epochs done: 1. Test loss {test_loss:.4f}, test accuracy {test_accuracy:.2f}%."
LONG = f"/sweep?kind=image&epochs=20&{LR}&y=none&model=tiny_vgg&seeds=10"


def move(lab: Lab, label: str, key: str, value: str) -> None:
    """Press a key on a slider, which then has this value and keeps it, whatever else is drawn meanwhile."""
    slider = lab.page.get_by_role("slider", name=label)
    slider.press(key)
    expect(slider).to_have_attribute("aria-valuetext", value)


def shows(lab: Lab, **settings: object) -> None:
    """Wait until the page shows the run with these settings, as the engine trains it."""
    run = wb.Run(wb.ImageConfig(epochs=1, **settings))
    run.finish()
    expect(lab.page.get_by_text(EPOCH.format(**run.history.row(0)))).to_be_visible()


def test_results_arrive_and_a_run_is_saved_and_opened_in_its_lab(visit: Visit) -> None:
    lab = visit(FORMER, ready=False)
    page = lab.page

    expect(page).to_have_url(f"{lab.origin}/sweep?kind=image&epochs=1&{LR}&y=optimizer")
    expect(page.get_by_text("2 × 2 = 4 runs, 24,000 pictures in total.")).to_be_visible()
    lab.button("Run the sweep").click()
    expect(page.get_by_text("4 of 4 runs finished")).to_be_visible(timeout=2 * PATIENCE)
    expect(page.get_by_text(re.compile("Best of 4 runs: "))).to_be_visible()
    expect(lab.button("Stop")).to_be_disabled()
    lab.ready()
    move(lab, "Learning rate", "End", "0.1")
    move(lab, "Optimizer", "Home", "SGD")
    shows(lab, lr=0.1, optimizer="sgd")
    assert lab.violations() == []
    lab.button("Save this run").click()
    expect(page.get_by_role("link", name="Compare 1/8")).to_be_visible()
    lab.at_rest()
    lab.button("Open it in its lab").click()
    expect(page.get_by_role("heading", name="Images", level=1)).to_be_visible()
    expect(page.get_by_text("of new pictures right")).to_be_visible()


@pytest.mark.slow
def test_a_reload_keeps_the_sweep_and_stop_ends_its_jobs(visit: Visit) -> None:
    lab = visit(LONG, ready=False)
    page = lab.page
    running = page.get_by_text("0 of 20 runs finished")

    lab.button("Run the sweep").click()
    expect(running).to_be_visible()
    page.reload()
    expect(running).to_be_visible()
    lab.button("Stop").click()
    expect(lab.button("Stop")).to_be_disabled()
    expect(page.get_by_text("Stopped: 0 of 20 runs finished.")).to_be_visible()


@pytest.mark.slow
def test_a_narrow_dark_korean_page_is_accessible(visit: Visit) -> None:
    lab = visit(
        f"/sweep?kind=image&{LR}&y=none&epochs=1",
        ready=False,
        locale=LOCALES["ko"],
        color_scheme="dark",
        viewport={"width": 360, "height": 740},
    )
    _ = words("ko")
    lab.button(_("Run the sweep")).click()
    expect(lab.page.get_by_text(_("{ended} of {all} runs finished").format(ended=2, all=2))).to_be_visible(
        timeout=2 * PATIENCE
    )
    expect(lab.button(_("Stop"))).to_be_disabled()  # the whole page is drawn again after the last run
    lab.ready()
    lab.fits()
    assert lab.violations() == []
    assert lab.bright_boxes() == []

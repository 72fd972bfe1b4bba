"""A long training is seen while it runs: watched, paused, scrubbed, stopped, left alone, and never replayed."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import LONG, LONG_SETTINGS, STOP, WHEN_LONG, Lab, trained, words, written

Opened = Callable[..., Lab]

# Records every picture of the player: its frame, state and readouts, and whether charts or numbers were ever missing.
RECORD = """() => {
  window.pictures = [];
  window.blanks = 0;
  const player = document.querySelector(".wb-player");
  const note = () => {
    const { frame, state } = player.dataset;
    if (pictures.at(-1)?.frame !== frame || pictures.at(-1)?.state !== state) {
      const values = [...player.querySelectorAll(".wb-value")].map((value) => value.textContent);
      pictures.push({ frame, state, values });
    }
  };
  new MutationObserver(note).observe(player, { attributes: true, attributeFilter: ["data-frame", "data-state"] });
  const look = () => {
    const drawn = [...player.querySelectorAll(".wb-plot")].every((plot) => plot.querySelector(".scatterlayer path"));
    if (!drawn || player.checkVisibility() === false) blanks += 1;
    requestAnimationFrame(look);
  };
  look();
}"""

# Presses Train, pauses the growing run early, and resolves when the pause has held for a while: what was seen then.
PAUSE_EARLY = """() => new Promise((done) => {
  const player = document.querySelector(".wb-player");
  const press = (name) => player.querySelector(`[data-do=${name}]`).click();
  const drawn = () => player.querySelector("[data-chart=loss] .js-plotly-plot").data[0].x.length;
  let paused;
  const look = () => {
    const frame = Number(player.dataset.frame);
    if (paused === undefined && player.dataset.state === "playing" && frame > 40) {
      press("play");
      paused = frame;
      press("back");
    } else if (paused !== undefined && drawn() > paused + 400) {
      return done({ paused, frame, state: player.dataset.state, drawn: drawn() });
    }
    requestAnimationFrame(look);
  };
  [...document.querySelectorAll("button")].find((button) => /Train$/.test(button.innerText)).click();
  look();
})"""


# Then goes to epoch 20 and presses Stop, before the run ends.
STOP_AT_20 = f"""async () => {{
  await ({PAUSE_EARLY})();
  const slider = document.querySelector(".wb-epoch input");
  slider.value = 20;
  slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
  await ({STOP})();
}}"""


@pytest.fixture
def opened(visit: Visit, slow_server: str) -> Opened:
    """Open the line lab with a training of seconds, however fast the machine is."""
    return partial(visit, LONG, at=slow_server)


def losses(lab: Lab) -> dict[str, Any]:
    """The loss chart's data and the path's, as they are drawn."""
    return lab.player.evaluate(
        """(player) => {
          const plots = (chart) => player.querySelectorAll(`[data-chart=${chart}] .js-plotly-plot`);
          const [loss] = plots("loss"), [, path] = plots("landscape");
          return {
            train_loss: [...loss.data[2].y], test_loss: [...loss.data[3].y],
            weight: [...path.data[0].x].slice(1), bias: [...path.data[0].y].slice(1),
          };
        }"""
    )


def test_a_long_run_is_watched_while_it_trains_and_not_replayed(opened: Opened) -> None:
    lab = opened(reduced_motion="no-preference")
    run = trained(**LONG_SETTINGS)

    lab.page.evaluate(RECORD)
    lab.train()
    lab.shows(4999)
    pictures = lab.page.evaluate("pictures")
    grown = [picture for picture in pictures if picture["state"] == "playing"]
    frames = [int(picture["frame"]) for picture in grown]
    assert len(set(frames)) >= 3  # how many is for the benchmark
    assert frames == sorted(frames)
    for picture in grown:
        assert picture["values"] == list(written(run.history.row(int(picture["frame"]))).values())
    assert [picture["frame"] for picture in pictures if picture["state"] == "paused"] == ["4999"]
    assert lab.page.evaluate("blanks") == 0
    for name, values in losses(lab).items():
        assert values == np.float32(run.history.column(name)).tolist()
    lab.reads(run.history.row(-1))
    expect(lab.page.get_by_test_id("stProgress")).to_have_count(0)
    expect(lab.page.locator(".st-key-diagnosis")).to_be_visible()
    expect(lab.button("Save this run")).to_be_enabled()


def test_a_growing_run_is_paused_scrubbed_and_stays_where_it_is(opened: Opened) -> None:
    lab = opened(reduced_motion="no-preference")
    run = trained(**LONG_SETTINGS)

    expect(lab.button("Train")).to_be_visible()
    with lab.new_recording():
        seen = lab.page.evaluate(PAUSE_EARLY)
        assert (seen["frame"], seen["state"]) == (seen["paused"] - 1, "paused")
        lab.scrub(20)
        lab.reads(run.history.row(20))
    lab.shows(20)
    lab.reads(run.history.row(20))
    expect(lab.epoch_slider).to_have_attribute("max", "4999")
    whole = lab.page.get_by_text("This speaks of the whole run. The charts show an earlier epoch.")
    expect(whole).to_be_visible()
    lab.button("To end").click()
    lab.shows(4999)
    lab.reads(run.history.row(-1))
    expect(whole).to_be_hidden()
    lab.button("Play").click()  # now it is a recording like any other
    expect(lab.player).to_have_attribute("data-frame", re.compile(r"^\d{1,3}$"))


@pytest.mark.slow
def test_a_stopped_run_stays_at_the_epoch_that_was_looked_at(opened: Opened) -> None:
    lab = opened(reduced_motion="no-preference")
    run = wb.Run(wb.LinearConfig(**LONG_SETTINGS))

    expect(lab.button("Train")).to_be_visible()
    lab.page.evaluate(STOP_AT_20)
    expect(lab.page.get_by_text(re.compile(r"Stopped after [\d,]+ of 5,000 epochs"))).to_be_visible()
    lab.idle()
    lab.shows(20)
    lab.button("To end").click()
    last = int(lab.epoch_slider.get_attribute("max") or 0)
    assert 400 < last < 4999
    lab.shows(last)
    run.advance(epochs=last + 1)
    lab.reads(run.history.row(-1))


@pytest.mark.slow
def test_a_run_trains_on_after_a_visit_to_another_page(opened: Opened) -> None:
    lab = opened(reduced_motion="no-preference")
    link = lab.page.get_by_role("navigation").get_by_role("link")

    lab.button("Train").evaluate(WHEN_LONG, "document.querySelector('[data-testid=stSidebarNavLink]').click()")
    expect(lab.page.get_by_role("heading", name="Torch Workbench")).to_be_visible()
    link.filter(has_text="Linear regression").click()
    lab.shows(4999)
    lab.reads(trained(**LONG_SETTINGS).history.row(-1))


@pytest.mark.slow
def test_a_growing_run_is_accessible_in_korean(opened: Opened) -> None:
    lab, _ = opened(locale="ko-KR", color_scheme="dark"), words("ko")

    can_pause = "return !document.querySelector('[data-do=play]').disabled"
    assert lab.button(_("Train")).evaluate(WHEN_LONG, can_pause)
    lab.shows(4999)
    lab.scrub(20)
    # Without the controls: the label of a momentum that Adam does not have is pale, as that of every disabled control.
    assert not lab.violations(".st-key-line-charts")
    assert not lab.violations(".st-key-status")

"""The panels show the model of the epoch at which the player rests, and nothing else moves for that."""

import io
import re

import pytest
import torch
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.lab import Lab, trained

# Counts the runs of scripts on the server.
COUNT = """() => {
  window.wbRuns = 0;
  const app = document.querySelector("[data-testid=stApp]");
  new MutationObserver((changes) => {
    for (const { oldValue } of changes) if (oldValue === "notRunning") window.wbRuns++;
  }).observe(app, { attributeFilter: ["data-test-script-state"], attributeOldValue: true });
}"""
LONGER_THAN_A_REST = 1000  # milliseconds


def panel(lab: Lab, name: str) -> Locator:
    lab.open_panel(name)
    return lab.page.locator(f".st-key-panel-{name.lower()}")


def test_the_model_and_the_checkpoint_are_those_of_the_epoch(visit: Visit) -> None:
    lab = visit("/linear?epochs=40")

    lab.train()
    model = panel(lab, "Model")
    expect(model).to_contain_text("Model after epoch 39")
    token = lab.token
    for frame in (12, 0, 39):
        lab.scrub(frame)
        expect(model).to_contain_text(f"Model after epoch {frame}")
        expect(model).to_contain_text(str(trained(epochs=frame + 1).model.state_dict()["weights"]))
        lab.shows(frame)
        lab.reads(trained(epochs=40).history.row(frame))
    assert lab.token == token
    assert lab.frames() == [0, 39, 12, 0, 39]
    lab.scrub(7)
    expect(panel(lab, "Checkpoint")).to_contain_text("Model after epoch 7")
    with lab.page.expect_download() as download:
        lab.button("Download checkpoint").click()
    saved = torch.load(io.BytesIO(download.value.path().read_bytes()), weights_only=True)
    assert saved == trained(epochs=8).model.state_dict()
    with lab.new_recording():
        lab.move("Learning rate", "ArrowRight")
    expect(panel(lab, "Model")).to_contain_text("Model after epoch 39")


@pytest.mark.slow
def test_a_playback_and_panels_without_an_epoch_cost_no_run_of_the_script(visit: Visit) -> None:
    lab = visit("/linear?epochs=40", reduced_motion="no-preference")

    lab.train()
    lab.shows(39)
    lab.scrub(7)
    lab.page.evaluate(COUNT)
    lab.page.wait_for_timeout(LONGER_THAN_A_REST)
    assert lab.page.evaluate("wbRuns") == 0  # the log shows all epochs
    model = panel(lab, "Model")
    expect(model).to_contain_text("Model after epoch 7")
    lab.button("To end").click()
    expect(model).to_contain_text("Model after epoch 39")
    lab.idle()
    lab.page.evaluate("wbRuns = 0")
    lab.button("Play").click()  # from the start to the end
    lab.shows(39)
    lab.page.wait_for_timeout(LONGER_THAN_A_REST)
    assert lab.page.evaluate("wbRuns") == 0
    lab.player.get_by_role("combobox", name="Speed").select_option("0.25")
    lab.button("Play").click()
    expect(lab.player).to_have_attribute("data-frame", re.compile(r"^[1-9]$"))
    lab.button("Pause").click()
    lab.page.wait_for_timeout(LONGER_THAN_A_REST)
    assert lab.page.evaluate("wbRuns") == 1
    expect(model).to_contain_text(f"Model after epoch {lab.player.get_attribute('data-frame')}")

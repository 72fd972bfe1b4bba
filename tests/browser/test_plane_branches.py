"""A branch of a network on points in the browser: made at an epoch of the player, drawn, chosen, and sent as a link."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import Lab, number
from tests.runs import finished

CONFIG = wb.PointsConfig(data="moons", noise=0.2, lr=0.1, hidden=(4,), epochs=120)
PATH = "/points?data=moons&noise=0.2&hidden=4&lr=0.1&epochs=120"
SENT = "branches=61-lr-0.01"
PLACES = torch.tensor([[0.5, 0.2], [-0.8, 1.1], [1.7, -0.3]])
LOGITS = "(scene, [x1, x2]) => [...scene.plane.logitsAt(x1, x2)]"


def choice(lab: Lab, name: str):
    return lab.page.get_by_role("radiogroup", name="Show").get_by_role("radio", name=name)


def draws(lab: Lab, run: wb.PointsRun, epoch: int) -> None:
    """The plane shows the network that a run has after an epoch, and the numbers above are that run's, too."""
    expect(lab.page.locator(".wb-scene")).to_have_attribute("data-epoch", str(epoch))
    x1, x2 = PLACES.T.tolist()
    found = lab.page.locator(".wb-scene").evaluate(LOGITS, [x1, x2])
    assert found == pytest.approx(run.after(epoch).predict(PLACES).tolist(), abs=1e-5)
    expect(lab.readout("Test loss")).to_have_text(number(float(np.float32(run.history.row(epoch)["test_loss"]))))


def test_a_branch_is_made_in_the_player_drawn_and_sent(visit: Visit) -> None:
    run = finished(CONFIG)
    branch = run.branch(61, lr=0.01)
    branch.finish()
    lab = visit(PATH, reduced_motion="reduce")
    lab.train()
    expect(lab.page.get_by_role("radiogroup", name="Show")).to_be_hidden()
    lab.scrub(60)
    lab.button("Branch here").click()
    expect(lab.page.get_by_role("spinbutton", name="From epoch")).to_have_value("61")
    expect(lab.button("Train branch")).to_be_in_viewport()
    with lab.new_recording():
        lab.button("Train branch").click()
    expect(choice(lab, "branch A")).to_be_checked()
    expect(lab.page.locator(".wb-boundary h2")).to_have_text(re.compile("^Branch A, epoch 119: "))
    draws(lab, branch, 119)
    lab.scrub(80)
    draws(lab, branch, 80)
    choice(lab, "branch A").press("ArrowLeft")
    expect(choice(lab, "the run")).to_be_checked()
    draws(lab, run, 80)
    assert lab.violations() == []

    expect(lab.page).to_have_url(f"{lab.origin}{PATH}&{SENT}")
    other = visit(f"{PATH}&{SENT}", reduced_motion="reduce")
    expect(other.page.locator(".st-key-branch-A")).to_contain_text("from epoch 61: Learning rate 0.01")
    draws(other, run, 119)
    choice(other, "branch A").check(force=True)
    draws(other, branch, 119)
    other.scrub(50)
    draws(other, run, 50)

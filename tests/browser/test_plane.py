"""The network and its boundary on the page of points in the plane: every picture is of the epoch on show."""

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import THEMES, Visit
from tests.browser.lab import Lab
from tests.runs import finished

SETTINGS: dict[str, Any] = {"points": 200, "noise": 0.1, "activation": "tanh", "optimizer": "adam", "lr": 0.02}
QUERY = "&".join(f"{name}={value}" for name, value in SETTINGS.items())
PATH = f"/points?{QUERY}&hidden=8-8&epochs=100"
LONG = f"/points?{QUERY}&hidden=16-16-16-16&epochs=1100"
PHONE = {"width": 360, "height": 740}

trained = cache(lambda hidden, epochs: finished(wb.PointsConfig(**SETTINGS, hidden=hidden, epochs=epochs)))

# The logits of places that the plane finds with the parameters from which it draws.
LOGITS = "(scene, [x1, x2]) => [...scene.plane.logitsAt(x1, x2)]"
# Whether each place is redder than blue in the picture.
REDDER = """(scene, places) => {
  const { boundary } = scene.plane, ink = boundary.inks[1];
  return places.map(([x1, x2]) => {
    const [left, top] = [boundary.across(x1), boundary.up(x2)].map((pixel) => Math.round(pixel * devicePixelRatio));
    const [red, , blue] = ink.getImageData(left, top, 1, 1).data;
    return red > blue;
  });
}"""

# The middle of the line from x2 to the first hidden unit.
WEIGHT = """() => {
  const { web } = document.querySelector(".wb-scene").plane, { left, top } = web.floor.getBoundingClientRect();
  const { x0, y0, x1, y1 } = web.wires.find({ layer: 0, unit: 0, from: 1 });
  return [left + (x0 + x1) / 2, top + (y0 + y1) / 2];
}"""


def scene(lab: Lab):
    return lab.page.locator(".wb-scene")


def heading(lab: Lab):
    """What the large picture says that it shows."""
    return lab.page.locator(".wb-boundary h2")


def said(lab: Lab):
    """What is said of a unit or a weight."""
    return lab.page.locator(".wb-said")


def unit(lab: Lab, name: str):
    return lab.page.get_by_role("button", name=re.compile(f"{re.escape(name)}$"))


def model(run: wb.PointsRun, epoch: int) -> wb.PointsRun:
    """The run with the model after an epoch; -1 is the start."""
    return run.after(epoch) if epoch >= 0 else wb.PointsRun(run.config)


def test_every_picture_is_of_the_epoch_on_show(visit: Visit) -> None:
    run = trained((8, 8), 100)
    places = 1.1 * (2 * torch.rand(1000, 2, generator=torch.Generator().manual_seed(1)) - 1)
    lab = visit(PATH)
    lab.train()

    for epoch in (99, 42, -1, 0):
        lab.scrub(epoch)
        expect(scene(lab)).to_have_attribute("data-epoch", str(epoch))
        past = model(run, epoch)
        logits = past.predict(places)
        found = scene(lab).evaluate(LOGITS, places.T.tolist())
        np.testing.assert_allclose(found, logits, rtol=1e-5, atol=1e-5)
        far = places.norm(dim=1)
        sure = (logits.abs() > 0.5) & ((far < 0.4) | (far > 1.4))  # where no point lies over the picture
        assert sure.any() or epoch < 42
        assert scene(lab).evaluate(REDDER, places[sure].tolist()) == (logits[sure] > 0).tolist()
        right = int(((past.predict(run.data.points_test) > 0) == run.data.y_test).sum())
        when = f"Epoch {epoch}" if epoch >= 0 else "Before training"
        expect(heading(lab)).to_have_text(f"{when}: {right} of 40 test points right")


def test_a_long_run_says_of_which_epoch_the_picture_is(visit: Visit) -> None:
    run = trained((16, 16, 16, 16), 1100)
    places = torch.randn(50, 2, generator=torch.Generator().manual_seed(2))
    lab = visit(LONG)
    lab.train()

    lab.scrub(501)
    expect(heading(lab)).to_have_text(re.compile("^Recorded at epoch 500: "))
    found = scene(lab).evaluate(LOGITS, places.T.tolist())
    np.testing.assert_allclose(found, run.after(500).predict(places), rtol=1e-4, atol=1e-4)
    lab.scrub(1099)
    expect(heading(lab)).to_have_text(re.compile("^Epoch 1,099: "))


def test_a_unit_under_the_pointer_takes_the_large_picture(visit: Visit) -> None:
    lab = visit(PATH)
    lab.train()
    lab.scrub(42)

    unit(lab, "h1.3").hover()
    expect(heading(lab)).to_have_text("Epoch 42: output of h1.3")
    one, other, bias = (f"{abs(trained((8, 8), 100).parameters[42][at].item()):.3g}" for at in (4, 5, 16 + 2))
    expect(said(lab)).to_have_text(re.compile(rf"h1\.3 = tanh\(−?{one}·x1 [+−] {other}·x2 [+−] {bias}\)$"))

    unit(lab, "h1.3").click()  # holds it
    lab.page.mouse.move(0, 0)
    lab.scrub(50)
    expect(heading(lab)).to_have_text("Epoch 50: output of h1.3")
    expect(unit(lab, "h1.3")).to_have_attribute("aria-pressed", "true")
    unit(lab, "h1.3").click()
    lab.page.mouse.move(0, 0)
    expect(heading(lab)).to_have_text(re.compile("test points right$"))


def test_keys_walk_through_units_and_weights(visit: Visit) -> None:
    lab = visit(PATH)
    lab.train()

    unit(lab, "Input x1").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown"):  # x2, its weight to h1.2, the other weight to h1.2
        lab.page.keyboard.press(key)
    weight = trained((8, 8), 100).parameters[99][2].item()
    text = f"Weight from x1 to h1.2: {weight:.3g}".replace("-", "−")
    expect(said(lab)).to_have_text(text)
    expect(lab.page.get_by_role("button", name=text)).to_be_focused()
    lab.page.keyboard.press("ArrowRight")
    expect(unit(lab, "h1.2")).to_be_focused()
    expect(heading(lab)).to_have_text("Epoch 99: output of h1.2")
    lab.shows(99)


def test_layers_and_units_are_added_and_removed_in_the_network(visit: Visit) -> None:
    lab = visit(PATH)
    lab.train()

    add = lab.page.get_by_role("button", name="Add a hidden layer")
    add.focus()
    with lab.new_recording():
        lab.page.keyboard.press("Enter")
    expect(lab.page).to_have_url(re.compile("hidden=8-8-8&"))
    expect(add).to_be_focused()
    with lab.new_recording():
        lab.button("Remove a unit from hidden layer 2").click()
    expect(lab.page).to_have_url(re.compile("hidden=8-7-8&"))
    expect(lab.page.locator(".wb-unit")).to_have_count(2 + 8 + 7 + 8 + 1)
    lab.shows(99)  # it was trained at once, like the one before

    scene(lab).evaluate("(scene) => scene.plane.player.press('hidden', [99])")
    lab.idle()
    expect(lab.page).to_have_url(re.compile("hidden=8-7-8&"))


def test_on_a_phone_the_boundary_comes_first_and_a_tap_holds_a_unit(visit: Visit) -> None:
    lab = visit(PATH, viewport=PHONE, touch=True)

    parts = [".wb-boundary", ".wb-transport", ".wb-web", ".wb-readouts", ".wb-chart"]
    tops = [lab.page.locator(part).first.evaluate("(part) => part.getBoundingClientRect().top") for part in parts]
    assert tops == sorted(tops)
    unit(lab, "h2.5").tap()
    expect(heading(lab)).to_have_text("Before training: output of h2.5")
    expect(heading(lab)).to_be_in_viewport()
    expect(unit(lab, "h2.5")).to_be_in_viewport()
    lab.page.touchscreen.tap(*lab.page.evaluate(WEIGHT.replace("unit: 0", "unit: 7")))
    expect(lab.page.locator(".wb-here")).to_contain_text("Weight from x2 to h1.8")
    expect(lab.page.locator(".wb-named span")).to_have_text(["x2", "h1.8"])
    expect(lab.page.get_by_role("spinbutton", name="Try another:")).to_be_in_viewport()
    lab.fits()
    assert lab.violations(".wb-player") == []


@pytest.mark.parametrize("theme", THEMES)
def test_more_classes_and_more_layers_are_accessible(visit: Visit, theme: str) -> None:
    lab = visit("/points?data=blobs&classes=4&noise=1.5&points=200&hidden=16-16-16-16&epochs=20", color_scheme=theme)
    lab.train()

    expect(said(lab)).to_contain_text("Scroll to see the whole network.")
    for name in ("Output: class 3", "h4.16"):
        unit(lab, name).click()
        expect(unit(lab, name)).to_have_attribute("aria-pressed", "true")
    assert lab.violations(".wb-player") == []


def test_another_number_for_a_weight_is_seen_at_once_and_becomes_a_branch(visit: Visit) -> None:
    run = trained((8, 8), 100)
    changed = run.parameters[42].clone()
    changed[1] = -7.5  # from x2 to h1.1
    branch = run.branch(43, **{"w1.0.1": -7.5})
    branch.finish()
    places = torch.randn(20, 2, generator=torch.Generator().manual_seed(4))
    logits = wb.PointsRun(run.config, start=changed).predict(places)
    lab = visit(PATH)
    lab.train()
    lab.scrub(42)

    unit(lab, "Input x1").focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):  # the weight from x1 to h1.1, the one from x2
        lab.page.keyboard.press(key)
    lab.page.keyboard.type("-7.5")
    expect(heading(lab)).to_have_text(re.compile("^With this weight: "))
    np.testing.assert_allclose(scene(lab).evaluate(LOGITS, places.T.tolist()), logits, rtol=1e-5, atol=1e-5)
    expect(lab.button("Branch from epoch 43")).to_be_enabled()
    with lab.new_recording():
        lab.page.keyboard.press("Enter")
    expect(lab.page).to_have_url(re.compile("&branches=43-w1.0.1-m7.5$"))
    expect(heading(lab)).to_have_text(re.compile("^Branch A, epoch 99: "))
    np.testing.assert_allclose(
        scene(lab).evaluate(LOGITS, places.T.tolist()), branch.predict(places), rtol=1e-5, atol=1e-5
    )
    expect(lab.page.locator(".st-key-branch-A")).to_contain_text("from epoch 43: Weight from x2 to h1.1: −7.5")


def test_a_click_on_a_weight_asks_for_another_number(visit: Visit) -> None:
    lab = visit("/points?hidden=2&epochs=30")
    lab.page.mouse.click(*lab.page.evaluate(WEIGHT))
    expect(said(lab)).to_contain_text("Weight from x2 to h1.1")
    lab.page.keyboard.type("3")
    expect(heading(lab)).to_have_text(re.compile("^With this weight: "))
    with lab.new_recording():
        lab.page.keyboard.press("Enter")
    expect(lab.page.get_by_text(re.compile("^Test loss .* at this start$"))).to_be_visible()

"""Clicks into the charts of a line, and a line that has left its chart."""

import re

from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import Lab, trained
from tests.runs import finished


def click(lab: Lab, chart: str, across: float, up: float) -> None:
    """Click into a chart: 0 to 1 from left to right, and from below to above."""
    plot = lab.player.locator(f"[data-chart={chart}] .js-plotly-plot .nsewdrag").last
    box = plot.bounding_box()
    assert box is not None
    lab.page.mouse.click(box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])


def test_a_click_on_the_loss_curve_shows_that_epoch(visit: Visit) -> None:
    lab = visit()

    lab.train()
    lab.at_rest()
    click(lab, "loss", 0.5, 0.5)
    expect(lab.player).to_have_attribute("data-frame", re.compile("^(48|49|50|51)$"))
    lab.reads(trained().history.row(int(lab.player.get_attribute("data-frame") or 0)))


def test_a_double_click_leaves_the_axes_alone(visit: Visit) -> None:
    lab = visit()

    lab.move("Weight", "End")
    lab.at_rest()
    ranges = lambda: lab.player.locator("[data-chart=fit] .js-plotly-plot").evaluate("(p) => p._fullLayout.yaxis.range")  # noqa: E731
    before = ranges()
    lab.player.locator("[data-chart=fit] .nsewdrag").dblclick()
    lab.page.mouse.move(0, 0)
    lab.at_rest()
    assert ranges() == before


def test_a_click_into_the_loss_map_starts_there(visit: Visit) -> None:
    lab = visit()

    lab.train()
    lab.at_rest()
    with lab.new_recording():
        click(lab, "landscape", 0.1, 0.9)
    expect(lab.page).to_have_url(re.compile(r"\?init=[\d.]+-[\d.]+$"))
    config = wb.LinearConfig(init=lab.page.url.partition("init=")[2].replace("-", ","))
    lab.reads(finished(config).history.row(-1))
    lab.button("To start").click()
    untrained = wb.Run(config)
    lab.reads({**untrained.losses(), **untrained.line})


def test_a_line_outside_its_chart_is_said_to_be_there(visit: Visit) -> None:
    lab = visit("/linear?bias=2")
    plot = lab.player.locator("[data-chart=fit] .wb-plot")

    expect(plot).to_have_attribute("data-outside", "")  # the untrained line is in its chart
    lab = visit("/linear?loss=mse&lr=1&weight=2")
    plot = lab.player.locator("[data-chart=fit] .wb-plot")
    lab.train()
    for epoch, side in ((98, "above"), (97, "below")):  # it jumps further and further from side to side
        lab.scrub(epoch)
        expect(plot).to_have_attribute("data-outside", side)

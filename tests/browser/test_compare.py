"""Runs of two labs saved, compared, renamed, removed, downloaded and uploaded; Korean; a narrow screen."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

import wb_core as wb
from pages.ui.widgets.numbers import number
from tests.browser.conftest import LOCALES, Visit
from tests.browser.lab import Lab, trained, words


def rows(lab: Lab) -> Locator:
    return lab.page.locator(".wb-compared tbody tr")


def to(lab: Lab, page: str) -> None:
    """Go to another page, in the same visit."""
    lab.page.get_by_role("navigation").get_by_role("link").filter(has_text=page).click()
    expect(lab.page.get_by_role("heading", name=page, level=1, exact=True)).to_be_visible()
    lab.idle()


def bring(lab: Lab, data: bytes) -> None:
    lab.upload(data, "tray.json")
    lab.idle()


def tops(lab: Lab) -> list[float]:
    """The y positions of the heading, the charts and the parts below them."""
    parts = "h1, .wb-player, .st-key-status, .wb-copy"
    return lab.page.evaluate(f"[...document.querySelectorAll('{parts}')].map(e => e.getBoundingClientRect().y)")


def kept(name: str, config: wb.LinearConfig | wb.ImageConfig, *losses: float) -> wb.KeptRun:
    columns, predictions = {"train_loss": losses, "test_loss": losses}, None
    if isinstance(config, wb.ImageConfig):
        columns["test_accuracy"] = [70.0 + place for place, _ in enumerate(losses)]
        predictions = answered(right=10 * int(columns["test_accuracy"][-1]), shift=config.hidden_units)
    return wb.KeptRun.of(name, config, columns, seconds=0.5, device="cpu", outcome="done", predictions=predictions)


def answered(right: int, shift: int) -> wb.StoredPredictions:
    """Predictions for the 1,000 test images, of which `right` are right, starting at an index given by `shift`."""
    y = wb.fashion_mnist("fashion_mnist_small").test.y
    said = [int(true) if (place + 25 * shift) % 1000 < right else (int(true) + 1) % 10 for place, true in enumerate(y)]
    return wb.StoredPredictions(bytes(said), bytes([90]) * 1000)


TRAY = [
    kept("Default settings", wb.LinearConfig(epochs=3), 0.5, 0.4, 0.3),
    kept("<i>name</i>", wb.LinearConfig(lr=0.1, noise=0.25, epochs=3), 0.5, 0.3, 0.1),
    kept("relu", wb.ImageConfig(model="relu", batch_size=10), 2.0, 1.0, 0.5),
    kept("vgg", wb.ImageConfig(model="tiny_vgg", hidden_units=16, batch_size=10), 2.0, 0.9, 0.6),
]


def test_runs_of_two_labs_are_compared_downloaded_and_uploaded(visit: Visit, tmp_path: Path) -> None:
    lab = visit()
    page = lab.page

    expect(lab.button("Save this run")).to_be_disabled()
    lab.train()
    lab.at_rest()
    before = tops(lab)
    lab.button("Save this run").click()
    expect(lab.button("Saved")).to_be_disabled()
    expect(page.get_by_role("link", name="Compare 1/8")).to_be_visible()
    lab.at_rest()
    lab.soon(lambda: tops(lab), before)
    lab.move("Learning rate", "End")
    expect(page).to_have_url(f"{lab.origin}/linear?lr=1")
    lab.train()
    lab.button("Save this run").click()
    expect(page.get_by_role("link", name="Compare 2/8")).to_be_visible()
    lab.idle()
    to(lab, "Images")
    page.get_by_role("button", name="Train", exact=True).click()
    lab.button("Save this run").click()  # as soon as it can be saved
    page.get_by_role("link", name="Compare 3/8").click()

    first, second = trained(), trained(lr=1.0)
    expect(rows(lab)).to_have_count(3)
    for row, run in zip(rows(lab).all()[:2], (first, second), strict=True):
        last = run.history.row(-1)
        expect(row.locator("td").nth(3)).to_have_text(number(last["train_loss"]))
        expect(row.locator("td").nth(0)).to_have_text(re.compile("^" + re.escape(number(last["test_loss"]))))
    expect(rows(lab).first.get_by_role("img", name="Default settings")).to_be_visible()
    expect(rows(lab).nth(1).locator("td").nth(2)).to_have_text("1")
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    assert lab.violations() == []

    name = page.get_by_role("textbox", name="Name of run 2", exact=True)
    name.fill("<b>fast</b>")
    name.press("Enter")
    expect(rows(lab).nth(1).get_by_role("img", name="<b>fast</b>")).to_be_visible()
    lab.at_rest()  # only then is the new name in the file, too
    with page.expect_download() as download:
        lab.button("Download saved runs").click()
    path = tmp_path / "tray.json"
    download.value.save_as(path)
    assert [run["name"] for run in json.loads(path.read_bytes())["runs"]][1] == "<b>fast</b>"
    page.get_by_role("button", name="Remove", exact=True).nth(1).click()
    expect(rows(lab)).to_have_count(2)
    bring(lab, path.read_bytes())
    expect(rows(lab)).to_have_count(3)
    expect(page.get_by_text("Runs in the file: 3. New in the tray: 1.")).to_be_visible()

    page.locator("[class*=st-key-compare-open]").nth(1).get_by_role("button").click()
    expect(page.get_by_role("heading", name="Linear regression", level=1)).to_be_visible()
    expect(lab.slider_value("Learning rate")).to_have_text("1")
    expect(page).to_have_url(re.compile(r"/linear\?lr=1$"))


@pytest.mark.parametrize(
    ("locale", "color_scheme", "width"),
    [
        ("en", "light", 360),
        pytest.param("ko", "dark", 1400, marks=pytest.mark.slow),
        pytest.param("ko", "light", 360, marks=pytest.mark.slow),
    ],
)
def test_the_comparison_is_accessible_in_every_look(visit: Visit, locale: str, color_scheme: str, width: int) -> None:
    _ = words(locale)
    lab = visit(
        "/compare",
        ready=False,
        locale=LOCALES[locale],
        color_scheme=color_scheme,
        viewport={"width": width, "height": 900},
    )
    page = lab.page

    expect(page.get_by_text(_("Linear regression"), exact=True).last).to_be_visible()
    bring(lab, b'{"runs": "<b>none</b>"}')
    refusal = _("This file has no runs from this workbench. Upload one from “Download saved runs”.")
    expect(page.get_by_text(refusal, exact=True)).to_be_visible()
    bring(lab, wb.write_tray(TRAY))
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    expect(rows(lab).nth(1).get_by_role("img", name="<i>name</i>")).to_be_visible()
    expect(page.locator(".wb-finding").first).to_have_text(
        _("Lowest test loss: {value} {name}").format(name="<i>name</i>", value="0.1000")
    )
    expect(page.get_by_text(_("Models side by side"), exact=True)).to_be_visible()
    expect(page.locator(".wb-side figure")).to_have_count(12)
    assert lab.violations() == []
    lab.fits()
    if color_scheme == "dark":
        to(lab, _("Device"))
        to(lab, _("Compare"))  # the runs are still there; the uploaded file and its success message are not
        expect(page.locator(".js-plotly-plot")).to_have_count(3)
        assert lab.bright_boxes() == []

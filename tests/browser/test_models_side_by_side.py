"""Two models learn to tell pictures apart, and are laid side by side: counts, pictures, home and back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import Lab
from wb_core.kinds.images import data


def learned(**settings: object) -> wb.StoredPredictions:
    """What the engine alone answers after an epoch."""
    run = wb.ImageRun(wb.ImageConfig(epochs=1, **settings))
    run.finish()
    answers = wb.StoredPredictions.of(run.evaluation.logits)
    assert answers is not None
    return answers


def keep(lab: Lab, count: int) -> None:
    """Train, and keep the run as soon as it can be kept."""
    lab.page.get_by_role("button", name="Train", exact=True).click()
    lab.button("Save this run").click()
    expect(lab.page.get_by_role("link", name=f"Compare {count}/8")).to_be_visible()
    lab.idle()


def told(figures: Locator) -> list[tuple[str, list[str]]]:
    """Of each picture, what it is, and the lines below it."""
    return [
        (one.locator("b").inner_text(), [re.sub(r"\s+", " ", line) for line in one.locator("li").all_inner_texts()])
        for one in figures.all()
    ]


def lines(side: wb.SideBySide, place: int) -> tuple[str, list[str]]:
    """The same as the engine has it."""
    names = data.CLASSES
    said = zip(side.predicted[:, place], side.confidence[:, place], side.right[:, place], strict=True)
    written = [f"{'✓' if right else '✗'} {names[number]} {sure}%" for number, sure, right in said]
    return names[side.y[place]], written


@pytest.mark.slow
def test_two_models_are_compared_downloaded_and_uploaded(visit: Visit, tmp_path: Path) -> None:
    lab = visit("/images?epochs=1", ready=False)
    page, figures = lab.page, lab.page.locator(".wb-side figure")
    keep(lab, 1)
    lab.choice("Model").click()
    page.get_by_role("option", name="Linear layers with ReLU").click()
    expect(page).to_have_url(re.compile("model=relu"))
    lab.idle()
    keep(lab, 2)
    page.get_by_role("link", name="Compare 2/8").click()

    y = wb.fashion_mnist("fashion_mnist_small").test.y
    side = wb.SideBySide([learned(), learned(model="relu")], y)
    counts = f"They disagree on {len(side.disagree)} of 1,000 pictures; all are wrong on {len(side.all_wrong)}."
    expect(page.get_by_text(counts, exact=True)).to_be_visible()
    expect(figures).to_have_count(12)
    lab.soon(lambda: told(figures), [lines(side, place) for place in side.disagree[:12].tolist()])
    expect(figures.first.get_by_role("img", name=re.compile("^Test picture"))).to_be_visible()
    row = page.locator(".wb-classes tbody tr").first
    for place, cell in enumerate(row.locator("td").all()):
        expect(cell).to_have_text(re.compile(rf"{side.class_accuracy[place, 0]:.0f}%$"))
    assert lab.violations() == []

    with page.expect_download() as download:
        lab.button("Download saved runs").click()
    path = tmp_path / "tray.json"
    download.value.save_as(path)
    lab.button("Clear all").click()
    expect(figures).to_have_count(0)
    lab.upload(path.read_bytes(), "tray.json")
    expect(figures).to_have_count(12)
    page.get_by_role("radio", name="All models wrong").focus()
    page.keyboard.press("Space")
    expect(figures.first.locator("b")).to_have_text(lines(side, int(side.all_wrong[0]))[0])
    lab.soon(lambda: told(figures), [lines(side, place) for place in side.all_wrong[:12].tolist()])

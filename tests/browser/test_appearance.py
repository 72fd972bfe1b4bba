"""Dark theme, narrow window, accessibility."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LANGUAGES, LOCALES, THEMES, Visit
from tests.browser.lab import trained, words


@pytest.mark.parametrize("path", [pytest.param("/", marks=pytest.mark.slow), "/linear"])
def test_in_the_dark_theme_text_is_light_and_no_box_is_white(visit: Visit, path: str) -> None:
    lab = visit(path, color_scheme="dark")

    if path == "/linear":
        lab.train()
    expect(lab.page.locator(".wb-chart text").nth(10)).to_be_attached()
    assert lab.dark_texts() == []
    assert lab.bright_boxes() == []


@pytest.mark.slow
def test_the_dark_theme_checks_fail_on_a_light_page(visit: Visit) -> None:
    """Shows that the checks for the dark theme can fail."""
    lab = visit()
    assert lab.dark_texts()
    assert lab.bright_boxes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_window_stacks_the_charts_over_the_controls(visit: Visit, language: str) -> None:
    _ = words(language)
    lab = visit(viewport={"width": 360, "height": 740}, locale=LOCALES[language])
    page = lab.page

    lab.fits()
    for name in ("Train", "Reset", "Continue training"):
        expect(lab.button(_(name))).to_be_in_viewport(ratio=1)
    first = page.locator(".wb-plot").first
    expect(first).to_be_in_viewport()
    weight = lab.slider_value(_("Weight"))
    expect(weight).not_to_be_visible()
    with lab.new_recording():
        lab.button(_("Train")).click()
    lab.reads(trained().history.row(-1), _)
    lab.at_rest()
    for plot in page.locator(".wb-plot, .wb-transport").all():
        box = plot.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    lab.button(_("Settings")).click()
    expect(weight).to_be_in_viewport(ratio=1)
    lab.move(_("Weight"), "ArrowLeft")
    expect(weight).to_have_text("0.69")
    expect(first).to_be_in_viewport()  # the control is visible together with the chart it changes
    lab.button(_("Close")).click()
    expect(weight).not_to_be_visible()
    lab.fits()


@pytest.mark.parametrize("path", ["/", "/linear"])
@pytest.mark.parametrize("color_scheme", THEMES)
def test_axe_finds_nothing_serious(visit: Visit, path: str, color_scheme: str) -> None:
    lab = visit(path, color_scheme=color_scheme)

    if path == "/linear":
        lab.train()
    assert lab.violations() == []

"""Dark theme, narrow window, accessibility."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOCALES, Visit
from tests.browser.lab import trained, words

# Everything on the page that has a bright background of its own and is large enough to be seen as a box.
BRIGHT_BOXES = """() => [...document.querySelectorAll("body, body *")].filter((element) => {
  const [r, g, b, alpha = 1] = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g).map(Number);
  const { width, height } = element.getBoundingClientRect();
  const visible = element.checkVisibility({ visibilityProperty: true });
  return visible && alpha > 0.5 && Math.min(r, g, b) > 200 && width * height > 400;
}).map((element) => element.outerHTML.slice(0, 200))"""
TEXTS = ".wb-chart text, .wb-title, .wb-value, .wb-name"
DARK_TEXT = (
    f"() => [...document.querySelectorAll('{TEXTS}')]"
    """.filter((element) => {
  const { fill, color } = getComputedStyle(element);
  return Math.max(...(element.tagName === "text" ? fill : color).match(/[\\d.]+/g).slice(0, 3).map(Number)) < 160;
}).map((element) => element.outerHTML.slice(0, 200))"""
)

SIDEWAYS = "(main) => main.scrollWidth - main.clientWidth"


@pytest.mark.parametrize("path", ["/", "/linear"])
def test_in_the_dark_theme_text_is_light_and_no_box_is_white(visit: Visit, path: str) -> None:
    lab = visit(path, color_scheme="dark")

    if path == "/linear":
        lab.train()
    assert lab.page.locator(".wb-chart text").count() > 10
    assert lab.page.evaluate(DARK_TEXT) == []
    assert lab.page.evaluate(BRIGHT_BOXES) == []


def test_these_two_looks_see_a_light_page(visit: Visit) -> None:
    """The dark test can fail."""
    page = visit().page
    assert page.evaluate(DARK_TEXT)
    assert page.evaluate(BRIGHT_BOXES)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_narrow_window_stacks_the_charts_over_the_controls(visit: Visit, language: str) -> None:
    _ = words(language)
    lab = visit(viewport={"width": 360, "height": 740}, locale=LOCALES[language])
    page = lab.page

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    assert page.get_by_test_id("stMain").evaluate(SIDEWAYS) == 0
    for name in ("Train", "Reset", "Continue training"):
        expect(lab.button(_(name))).to_be_in_viewport(ratio=1)
    first = page.locator(".wb-plot").first
    expect(first).to_be_in_viewport()
    weight = lab.slider_value(_("Weight"))
    expect(weight).not_to_be_visible()
    with lab.new_recording():
        lab.button(_("Train")).click()
    lab.reads(trained().history.row(-1), _)
    for plot in page.locator(".wb-plot, .wb-transport").all():
        box = plot.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    lab.button(_("Settings")).click()
    expect(weight).to_be_in_viewport(ratio=1)
    lab.slider(_("Weight")).press("ArrowLeft")
    expect(weight).to_have_text("0.69")
    expect(first).to_be_in_viewport()  # what changes is in sight beside what it changes
    lab.button(_("Close")).click()
    expect(weight).not_to_be_visible()
    assert page.get_by_test_id("stMain").evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("path", ["/", "/linear"])
@pytest.mark.parametrize(("locale", "color_scheme"), [("en-US", "light"), ("en-US", "dark"), ("ko-KR", "light")])
def test_axe_finds_nothing_serious(visit: Visit, path: str, locale: str, color_scheme: str) -> None:
    lab = visit(path, locale=locale, color_scheme=color_scheme)

    if path == "/linear":
        with lab.new_recording():
            lab.button(words(locale[:2])("Train")).click()
    assert lab.serious() == []

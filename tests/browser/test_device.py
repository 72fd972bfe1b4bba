"""The device page: the device, the facts, a round trip, and a measurement."""

import re

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import LANGUAGES, LOCALES, THEMES, Visit
from tests.browser.lab import Lab, words
from wb_core.hardware.speed import SIZES

MEASURED = re.compile(r"^[\d.]+ ms$")


def opened(visit: Visit, **wishes: object) -> Lab:
    """The page, completely drawn."""
    lab = visit("/device", ready=False, **wishes)
    expect(lab.page.locator(".st-key-device-measure button")).to_be_visible()
    lab.idle()
    return lab


def measure(lab: Lab, language: str = "en") -> None:
    lab.button(words(language)("Measure")).click()
    expect(lab.page.locator(".wb-times tbody tr").last.locator("td").nth(1)).to_have_text(MEASURED)
    lab.idle()


def unfold(lab: Lab, name: str) -> None:
    """Open one of the drawers."""
    lab.page.get_by_test_id("stExpander").locator("summary").filter(has_text=name).click()
    lab.at_rest()


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_sentences_and_a_button_with_all_facts_in_a_drawer(visit: Visit, language: str) -> None:
    _, machine, lab = words(language), wb.this_machine(), opened(visit, locale=language)

    expect(lab.page.get_by_role("heading", name=_("Device"), level=1)).to_be_visible()
    answer = lab.page.locator(".wb-answer")
    expect(answer.locator("code")).to_have_text(machine.device)
    expect(answer.locator("p")).to_have_count(2)
    if machine.device == "cpu":
        expect(answer).to_contain_text(_("PyTorch computes on the CPU here."))
        expect(lab.page.get_by_test_id("stExpander").last).to_be_in_viewport(ratio=1)
    expect(lab.page.locator(".wb-cards")).not_to_be_visible()
    unfold(lab, _("All details"))
    for name, value in (("PyTorch", machine.torch), (_("Cores"), str(machine.cores)), (_("Threads of PyTorch"), "1")):
        fact = lab.page.locator(".wb-fact").filter(has=lab.button(name))
        expect(fact.get_by_role("definition").first).to_have_text(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_measurement_shows_a_table(visit: Visit, language: str) -> None:
    _, lab = words(language), opened(visit, locale=LOCALES[language])

    rows = lab.page.locator(".wb-times tbody tr")
    expect(rows).to_have_count(0)
    measure(lab, language)
    expect(rows).to_have_count(len(SIZES) * len(wb.available_devices()))
    expect(rows.locator("td:nth-child(3)")).to_have_text([MEASURED] * rows.count())
    expect(rows.last).to_be_in_viewport(ratio=1)


def test_a_measurement_stays_until_the_page_is_loaded_anew(visit: Visit) -> None:
    lab = opened(visit)

    measure(lab)
    table = lab.page.locator(".wb-times")
    measured = table.inner_text()
    navigation = lab.page.get_by_role("navigation").get_by_role("link")
    navigation.filter(has_text="Start").click()
    expect(lab.page.get_by_role("heading", name="Torch Workbench", level=1)).to_be_visible()
    navigation.filter(has_text="Device").click()
    expect(table).to_have_text(measured, use_inner_text=True)
    lab.page.reload()
    expect(lab.button("Measure")).to_be_visible()
    expect(table).to_have_count(0)


@pytest.fixture(scope="module")
def lab(visit_for_long: Visit) -> Lab:
    """A page shared by tests that only read it."""
    lab = opened(visit_for_long)
    for name in ("All details", "One script for any machine"):
        unfold(lab, name)
    return lab


def test_each_line_shows_its_result(lab: Lab) -> None:
    device = wb.this_machine().device

    answers = [*wb.device_lines(), *wb.device_round_trip(device), *(wb.without_gpu() if device == "cpu" else ())]
    rows = lab.page.locator(".wb-lines li")
    expect(rows.locator("> code")).to_have_text([answer.code for answer in answers])
    expect(rows.locator("> samp")).to_have_text(
        [f"✕ fails {answer.text}" if answer.failed else answer.text for answer in answers]
    )


def test_help_on_a_fact_opens_by_pointer_and_keyboard(lab: Lab) -> None:
    cuda, text = lab.button("CUDA"), lab.page.get_by_text("NVIDIA's way to compute on GPUs.")
    expect(text).not_to_be_visible()
    cuda.hover()
    expect(text).to_be_visible()
    lab.page.mouse.move(0, 0)
    expect(text).not_to_be_visible()
    cuda.focus()
    expect(text).to_be_in_viewport(ratio=1)
    expect(cuda).to_have_accessible_description(re.compile("^NVIDIA's way"))


@pytest.mark.parametrize("color_scheme", THEMES)
def test_axe_finds_nothing_serious(visit: Visit, color_scheme: str) -> None:
    lab = opened(visit, color_scheme=color_scheme)

    measure(lab)
    for name in ("All details", "One script for any machine"):
        unfold(lab, name)
    assert lab.violations() == []
    lab.button("CUDA").focus()
    assert lab.violations(".wb-cards") == []
    assert (lab.bright_boxes() == []) == (color_scheme == "dark")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_screen_does_not_scroll_sideways(visit: Visit, language: str) -> None:
    lab = opened(visit, viewport={"width": 360, "height": 740}, locale=LOCALES[language])

    expect(lab.page.locator(".wb-answer")).to_be_in_viewport(ratio=1)
    measure(lab, language)
    for name in ("All details", "One script for any machine"):
        unfold(lab, words(language)(name))
    main = lab.page.get_by_test_id("stMain")
    lab.fits()
    wide = "main => [...main.querySelectorAll('.stHtml *')].filter(e => e.getBoundingClientRect().right > 360).length"
    assert main.evaluate(wide) == 0
    for hint in lab.page.locator(".wb-hint").all():
        hint.focus()
        text = lab.page.locator(f"#{hint.get_attribute('aria-describedby')}")
        expect(text).to_be_visible()
        box = text.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360

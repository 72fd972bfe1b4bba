"""The slips, next to their repair."""

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import LANGUAGES, LOCALES, THEMES, Visit
from tests.browser.lab import Lab, words


def shows(lab: Lab, slip_id: str, language: str) -> None:
    """Wait until the page shows a slip: its lesson, both listings and their output."""
    _, slip, outcome = words(language), wb.SLIPS[slip_id], wb.run_slip(slip_id)
    lesson = lab.page.locator(".st-key-slip-lesson")
    for text in (slip.lesson, slip.avoid):
        expect(lesson).to_contain_text(_(text).replace("`", "").split("**")[0][:60])
    for side, snippet, told in (("faulty", slip.faulty, outcome.faulty), ("repaired", slip.repaired, outcome.repaired)):
        box = lab.page.locator(f".st-key-slip-{side}")
        lines = snippet.code.splitlines()
        expect(box.locator(".wb-line")).to_have_text(lines)
        expect(box.locator("mark.wb-line")).to_have_text([lines[at] for at in snippet.marked])
        said = box.get_by_test_id("stCode")
        if told.error:
            expect(said).to_contain_text(f"{told.error}: {told.message.splitlines()[0]}")
        for line in told.printed.splitlines():
            expect(said).to_contain_text(line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chosen_slip_shows_both_versions_and_their_output(visit: Visit, language: str) -> None:
    _ = words(language)
    lab = visit("/step", locale=LOCALES[language])

    lab.page.get_by_role("radio", name=_("Common mistakes"), exact=True).click()
    shows(lab, "required_grad", language)
    choice = lab.choice(_("Mistake"))
    for slip_id in ("sgc", "two_devices", "train_label"):
        choice.click()
        choice.fill(_(wb.SLIPS[slip_id].title))
        lab.page.get_by_role("option", name=_(wb.SLIPS[slip_id].title), exact=True).wait_for()
        lab.page.keyboard.press("Enter")
        shows(lab, slip_id, language)
        expect(lab.page).to_have_url(f"{lab.origin}/step?show=slips&slip={slip_id}")
    expect(lab.page.locator(".js-plotly-plot")).to_have_count(2)


def test_a_link_opens_a_slip_and_an_invalid_one_is_reported(visit: Visit) -> None:
    lab = visit("/step?show=slips&slip=test_loop", ready=False)
    shows(lab, "test_loop", "en")
    lab.go("/step?show=slips&slip=hello")
    shows(lab, "required_grad", "en")
    expect(lab.page.get_by_role("alert").filter(has_text="Some values in this link don't exist here")).to_contain_text(
        "Mistake"
    )


@pytest.mark.parametrize("color_scheme", THEMES)
def test_axe_finds_nothing_serious(visit: Visit, color_scheme: str) -> None:
    lab = visit("/step?show=slips&slip=curly_quotes", ready=False, color_scheme=color_scheme)

    shows(lab, "curly_quotes", "en")
    assert lab.violations() == []

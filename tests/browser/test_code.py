"""The Code panel: the downloaded code, run elsewhere."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

import wb_core as wb
from pages.ui.i18n import translator
from tests.browser.conftest import LANGUAGES, LOCALES, Visit
from tests.browser.lab import Lab, trained, words
from tests.core.exported import assert_same_bits, code_of, execute

FILES = {
    "Download script (.py)": ("01_pytorch_workflow.py", wb.to_script),
    "Download notebook (.ipynb)": ("01_pytorch_workflow.ipynb", wb.to_notebook),
}


def panel(lab: Lab) -> Locator:
    return lab.page.locator(".st-key-panel-code")


def download(lab: Lab, label: str, folder: Path) -> Path:
    with lab.page.expect_download() as found:
        lab.button(label).click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_downloaded_script_and_notebook_end_with_the_numbers_of_the_page(
    visit: Visit, language: str, tmp_path: Path
) -> None:
    _ = words(language)
    lab = visit("/linear?model=linear&noise=0.1&optimizer=adam&lr=0.05", locale=LOCALES[language])
    run = trained(model="linear", noise=0.1, optimizer="adam", lr=0.05)

    with lab.new_recording():
        lab.button(_("Train")).click()
    lab.reads(run.history.row(-1), _)
    lab.open_panel(_("Code"))
    for label, (name, write) in FILES.items():
        path = download(lab, _(label), tmp_path)
        assert path.name == name
        assert path.read_text(encoding="utf-8") == write(run.config, translator(language))

        text = path.read_text(encoding="utf-8")
        names, _printed = execute(code_of(text) if path.suffix == ".ipynb" else text, tmp_path)
        assert_same_bits(names["model"].state_dict(), run.model.state_dict())


def test_the_keyboard_reaches_downloads_code_and_copy_button(visit: Visit, tmp_path: Path) -> None:
    lab = visit("/linear?lr=0.02")
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    lab.page.get_by_role("radio", name="Checkpoint", exact=True).focus()
    lab.page.keyboard.press("ArrowRight")
    expect(lab.page.get_by_role("radio", name="Code", exact=True)).to_be_focused()
    lab.page.keyboard.press("Space")
    expect(lab.page.get_by_test_id("stCode")).to_be_visible()
    lab.idle()
    for label, (name, _write) in FILES.items():
        lab.page.keyboard.press("Tab")
        expect(lab.button(label)).to_be_focused()
        with lab.page.expect_download() as found:
            lab.page.keyboard.press("Enter")
        assert found.value.suggested_filename == name
    lab.page.keyboard.press("Tab")
    expect(lab.page.get_by_test_id("stCode")).to_be_focused()
    lab.page.keyboard.press("Tab")
    expect(lab.button("Copy to clipboard")).to_be_focused()
    lab.page.keyboard.press("Enter")
    script = wb.to_script(wb.LinearConfig(lr=0.02))
    lab.soon(lambda: lab.page.evaluate("navigator.clipboard.readText()").strip(), script.strip())


def test_lines_that_differ_from_the_defaults_have_a_bar(visit: Visit) -> None:
    lab = visit("/linear?noise=0.1&loss=mse&momentum=0.9")
    config = wb.LinearConfig(noise=0.1, loss="mse", momentum=0.9)

    lab.unfold()
    lab.open_panel("Code")
    rows = panel(lab).get_by_test_id("stCode").locator("code > span")
    expect(rows).to_have_count(len(wb.to_script(config).splitlines()))
    bars = "(rows) => rows.flatMap((row, i) => getComputedStyle(row).boxShadow === 'none' ? [] : [i + 1])"
    lab.soon(lambda: tuple(rows.evaluate_all(bars)), wb.changed_lines(config))
    expect(panel(lab)).to_contain_text("A bar marks lines")
    with lab.new_recording():
        lab.choose("Loss", "L1 (absolute)")
    expect(rows.filter(has_text="loss_fn = nn.L1Loss()")).to_be_visible()
    lab.soon(lambda: tuple(rows.evaluate_all(bars)), wb.changed_lines(wb.LinearConfig(noise=0.1, momentum=0.9)))


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "color_scheme"), [("en-US", "light"), ("ko-KR", "dark")])
def test_the_code_is_accessible_and_fits_a_phone(visit: Visit, locale: str, color_scheme: str) -> None:
    lab = visit("/linear?lr=0.02", viewport={"width": 360, "height": 740}, locale=locale, color_scheme=color_scheme)

    lab.open_panel(words(locale[:2])("Code"))
    expect(lab.page.get_by_test_id("stCode")).to_be_visible()
    lab.idle()
    lab.fits()
    code = lab.page.get_by_test_id("stCode").locator("pre")
    assert code.evaluate("(pre) => pre.scrollWidth - pre.clientWidth") <= 0
    assert lab.serious(".st-key-panel-code") == []

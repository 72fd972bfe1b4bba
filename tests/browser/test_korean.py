"""The page in Korean: its words are those of the catalogue."""

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import trained, words

ko = words("ko")
LABELS = ("Weight", "Bias", "Noise", "Training fraction", "Learning rate", "Epochs")
CHOICES = ("Model", "Loss", "Optimizer", "Momentum", "Device")


def test_a_korean_browser_gets_korean(visit: Visit) -> None:
    lab = visit(locale="ko-KR")

    expect(lab.page.get_by_role("heading", name=ko("Linear regression"), level=1)).to_be_visible()
    lab.unfold(ko("More settings"))
    for label in LABELS:
        expect(lab.slider(ko(label))).to_be_visible()
    for label in CHOICES:
        expect(lab.choice(ko(label))).to_be_visible()
    for name in ("Train", "Reset", "Continue training", "Copy link", "Play", "To end"):
        expect(lab.button(ko(name))).to_be_visible()
    with lab.new_recording():
        lab.button(ko("Train")).click()
    lab.reads(trained().history.row(-1), ko)


def test_the_choice_in_the_sidebar_changes_the_language_and_nothing_else(visit: Visit) -> None:
    lab = visit("/linear?lr=0.02")

    lab.train()
    lab.choose("Language · 언어", "한국어")
    expect(lab.page.get_by_role("heading", name=ko("Linear regression"), level=1)).to_be_visible()
    expect(lab.slider_value(ko("Learning rate"))).to_have_text("0.02")
    lab.shows(99)
    lab.reads(trained(lr=0.02).history.row(-1), ko)
    lab.choose("Language · 언어", "English")
    expect(lab.page.get_by_role("heading", name="Linear regression", level=1)).to_be_visible()
    lab.reads(trained(lr=0.02).history.row(-1))


def test_the_choice_stays_on_other_pages(visit: Visit) -> None:
    lab = visit("/")

    lab.choose("Language · 언어", "한국어")
    link = lab.page.get_by_role("navigation").get_by_role("link")
    link.filter(has_text=ko("Linear regression")).click()
    expect(lab.page.get_by_role("heading", name=ko("Linear regression"), level=1)).to_be_visible()
    expect(lab.button(ko("Train"))).to_be_visible()
    link.filter(has_text=ko("Device")).click()  # which has no charts
    expect(lab.page).to_have_title(f"{ko('Device')} · Torch Workbench")
    expect(lab.page.locator("html")).to_have_attribute("lang", "ko")
    lab.choose("Language · 언어", "English")
    expect(lab.page).to_have_title("Device · Torch Workbench")
    expect(lab.page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.slow
def test_a_refused_upload_is_explained_in_korean(visit: Visit) -> None:
    lab = visit(locale="ko-KR")

    lab.open_panel(ko("Checkpoint"))
    lab.upload(b"this is no checkpoint")
    expect(lab.answer()).to_have_text(ko(wb.CHECKPOINT_CODES["checkpoint.not_a_checkpoint"]))


def test_the_uploader_and_its_limit_are_in_korean_and_back_in_english(visit: Visit) -> None:
    lab = visit(locale="ko-KR")
    uploader = lab.page.get_by_test_id("stFileUploader")

    lab.open_panel(ko("Checkpoint"))
    expect(uploader.get_by_role("button", name=ko("Upload"))).to_be_visible()
    expect(uploader).to_contain_text(ko("{size} at most").format(size="1MB"))
    lab.upload(bytes(1_500_000), "Upload")
    expect(uploader.get_by_role("alert")).to_have_text(ko("File must be {size} or smaller.").format(size="1.0MB"))
    expect(uploader.get_by_role("alert")).to_be_in_viewport()  # not only under the mouse, or for screen readers
    expect(uploader.get_by_test_id("stFileChipName")).to_have_text("Upload")
    lab.choose("Language · 언어", "English")
    expect(uploader.get_by_role("alert")).to_have_text("File must be 1.0MB or smaller.")

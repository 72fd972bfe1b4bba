"""The address of the page carries its settings."""

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import Lab, trained, words

SETTINGS = {"weight": -1.5, "noise": 0.1, "model": "linear", "loss": "huber", "lr": 0.2, "epochs": 50, "seed": 7}
QUERY = "weight=-1.5&noise=0.1&model=linear&loss=huber&lr=0.2&epochs=50&seed=7"


def has_settings(lab: Lab, config: wb.LinearConfig) -> None:
    lab.unfold()
    expect(lab.slider_value("Weight")).to_have_text(f"{config.weight:.2f}")
    expect(lab.slider_value("Noise")).to_have_text(f"{config.noise:.2f}")
    expect(lab.slider_value("Learning rate")).to_have_text(f"{config.lr:g}")
    expect(lab.slider_value("Epochs")).to_have_text(f"{config.epochs}")
    expect(lab.page.get_by_role("spinbutton", name="Seed")).to_have_value(f"{config.seed}")


def test_the_address_follows_the_controls_and_leaves_defaults_out(visit: Visit) -> None:
    lab = visit()

    lab.move("Epochs", "ArrowRight")
    expect(lab.page).to_have_url(f"{lab.origin}/linear?epochs=101")
    lab.unfold()
    lab.choose("Model", "Linear layer")
    expect(lab.page).to_have_url(f"{lab.origin}/linear?model=linear&epochs=101")
    lab.choose("Model", "Two parameters")
    lab.move("Epochs", "ArrowLeft")
    expect(lab.page).to_have_url(f"{lab.origin}/linear")


def test_a_copied_link_shows_another_visitor_the_same(visit: Visit) -> None:
    lab = visit(f"/linear?{QUERY}", permissions=["clipboard-read", "clipboard-write"])

    lab.button("Copy link").click()
    expect(lab.button("Link copied")).to_be_visible()
    link = lab.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{lab.origin}/linear?{QUERY}"
    other = visit(link)
    has_settings(other, wb.LinearConfig(**SETTINGS))
    other.train()
    other.reads(trained(**SETTINGS).history.row(-1))


def test_invalid_values_in_a_link_are_named_and_replaced_by_defaults(visit: Visit) -> None:
    lab = visit("/linear?lr=7000&epochs=many&loss=nope&weight=nan&seed=7&colour=red")
    notice = lab.page.get_by_role("alert").filter(has_text="Some values in this link don't exist here")

    for name in ("Learning rate", "Epochs", "Loss", "Weight", "colour"):
        expect(notice).to_contain_text(name)
    expect(notice).not_to_contain_text("Seed")
    has_settings(lab, wb.LinearConfig(seed=7))
    expect(lab.page).to_have_url(f"{lab.origin}/linear?seed=7")


def test_a_hostile_link_is_treated_as_invalid_values(visit: Visit) -> None:
    lab = visit(f"/linear?%3Cscript%3Ealert(1)%3C/script%3E=1&weight={'9' * 3000}&**bold**=%00&lr=%ED%A0%80&epochs=%F0")

    expect(lab.page.get_by_text("Some values in this link don't exist here")).to_be_visible()
    has_settings(lab, wb.LinearConfig())
    expect(lab.page).to_have_url(f"{lab.origin}/linear")


def test_back_and_forward_restore_the_page(visit: Visit) -> None:
    lab = visit("/")

    lab.page.get_by_role("navigation").get_by_role("link", name="Linear regression").click()
    expect(lab.page).to_have_url(f"{lab.origin}/linear")
    lab.ready()
    lab.unfold()
    lab.choose("Model", "Linear layer")
    expect(lab.page).to_have_url(f"{lab.origin}/linear?model=linear")
    lab.move("Epochs", "ArrowRight")
    expect(lab.page).to_have_url(f"{lab.origin}/linear?model=linear&epochs=101")
    lab.train()
    last = trained(model="linear", epochs=101).history.row(-1)
    lab.reads(last)
    lab.at_rest()  # a page that still answers would take the browser back
    lab.page.go_back()
    expect(lab.page).to_have_url(f"{lab.origin}/")
    expect(lab.page.get_by_role("heading", name="Torch Workbench")).to_be_visible()
    lab.idle()
    lab.at_rest()
    lab.page.go_forward()
    expect(lab.page).to_have_url(f"{lab.origin}/linear?model=linear&epochs=101")
    lab.unfold()
    expect(lab.choice("Model")).to_have_value("Linear layer")
    lab.reads(last)


@pytest.mark.slow
def test_a_link_made_in_english_opens_in_korean_with_the_same_values(visit: Visit) -> None:
    lab = visit(f"/linear?{QUERY}", locale="ko-KR")
    ko = words("ko")

    expect(lab.slider_value(ko("Learning rate"))).to_have_text("0.2")
    expect(lab.slider_value(ko("Epochs"))).to_have_text("50")
    lab.unfold(ko("More settings"))
    expect(lab.choice(ko("Model"))).to_have_value(ko("Linear layer"))
    expect(lab.choice(ko("Loss"))).to_have_value(ko("Huber (mixed)"))
    expect(lab.page).to_have_url(f"{lab.origin}/linear?{QUERY}")
    with lab.new_recording():
        lab.button(ko("Train")).click()
    last = trained(**SETTINGS).history.row(-1)
    lab.reads(last, ko)

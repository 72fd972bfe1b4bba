"""Undo and redo in the browser: keys, buttons, and after a reload."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.lab import Lab, trained


def is_shown(lab: Lab, lr: float, epochs: int = 40) -> None:
    """Wait until controls, address and charts show the trained run of this learning rate."""
    lab.shows(epochs - 1)
    lab.reads(trained(lr=lr, epochs=epochs).history.row(-1))
    expect(lab.slider_value("Learning rate")).to_have_text(f"{lr:g}")
    expect(lab.page).to_have_url(f"{lab.origin}/linear?" + ("" if lr == 0.01 else f"lr={lr:g}&") + "epochs=40")


def test_keys_and_buttons_undo_and_redo_also_after_a_reload(visit: Visit) -> None:
    lab = visit("/linear?epochs=40")
    press = lab.page.keyboard.press

    lab.train()
    with lab.new_recording():
        lab.move("Learning rate", "ArrowRight")
    with lab.new_recording():
        lab.button("Continue training").click()
    is_shown(lab, 0.012, epochs=80)
    for lr in (0.012, 0.01):
        with lab.new_recording():
            press("Control+z")
        is_shown(lab, lr)
    with lab.new_recording():
        press("Control+Shift+z")
    is_shown(lab, 0.012)
    with lab.new_recording():
        lab.button("Undo").click()
    lab.page.reload()
    lab.ready()
    is_shown(lab, 0.01)
    expect(lab.button("Redo")).to_be_enabled()  # the key presses this button, which is drawn after the charts
    with lab.new_recording():
        press("Control+y")
    is_shown(lab, 0.012)
    with lab.new_recording():
        lab.button("Redo").click()
    is_shown(lab, 0.012, epochs=80)
    expect(lab.button("Redo")).to_be_disabled()
    assert lab.serious(".st-key-actions") == []


def test_in_a_text_field_the_keys_undo_the_typing(visit: Visit) -> None:
    lab = visit("/linear?epochs=40")
    seed = lab.page.get_by_role("spinbutton", name="Seed")

    lab.unfold()
    lab.train()
    with lab.new_recording():
        lab.choose("Loss", "MSE (squared)")
    token = lab.token
    seed.press("Control+a")
    seed.press("7")
    expect(seed).to_have_value("7")
    seed.press("Control+z")
    expect(seed).to_have_value("42")
    lab.at_rest()
    assert lab.token == token
    choice = lab.choice("Loss")  # which is a text field, too, but one that nobody writes in
    choice.focus()
    with lab.new_recording():
        lab.page.keyboard.press("Control+z")
    expect(choice).to_have_value("L1 (absolute)")
    lab.reads(trained(epochs=40).history.row(-1))

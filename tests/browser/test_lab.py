"""Training in the lab: again, on, longer, twice, stopped, and out of bounds."""

import re

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import LONG, LONG_SETTINGS, STOP, WHEN_LONG, Lab, trained

PROGRESS = r"Epoch [\d,]+ of 5,000 · train loss \d\S* · test loss \d\S* · about [\d.]+ s left"


def no_numbers(lab: Lab) -> list[str]:
    """What is written on the page, or said to a screen reader, in place of a number."""
    everything = lab.page.evaluate(
        "document.body.innerText + [...document.querySelectorAll('[aria-label]')].map((e) => e.ariaLabel).join()"
    )
    return re.findall(r"\b(?:nan|inf|infinity|undefined|null)\b", everything, re.IGNORECASE)


def stop_early(lab: Lab) -> str:
    """Press Train, and Stop at the first sight of it; what the progress bar said."""
    expect(lab.button("Train")).to_be_visible()
    said: str = lab.page.evaluate(
        """(stop) => {
          const said = eval(stop)();
          [...document.querySelectorAll("button")].find((b) => /Train$/.test(b.innerText)).click();
          return said;
        }""",
        STOP,
    )
    return said


def test_reset_gives_the_same_untrained_weights(visit: Visit) -> None:
    lab = visit("/linear?model=linear&seed=7")
    run = wb.Run(wb.LinearConfig(model="linear", seed=7))
    untrained = {**run.losses(), **run.line}

    lab.reads(untrained)
    lab.train()
    expect(lab.readout("Model's weight")).not_to_have_text(f"{untrained['weight']:.4f}")
    with lab.new_recording():
        lab.button("Reset").click()
    lab.reads(untrained)
    expect(lab.button("Play")).to_be_disabled()
    expect(lab.button("Continue training")).to_be_disabled()


def test_continue_training_adds_as_many_epochs(visit: Visit) -> None:
    lab = visit("/linear?epochs=40")
    run = trained(epochs=80)

    lab.train()
    with lab.new_recording():
        lab.button("Continue training").click()
    lab.shows(79)
    lab.reads(run.history.row(-1))
    lab.scrub(39)
    lab.reads(run.history.row(39))


def test_continue_training_plays_on_from_where_it_was(visit: Visit) -> None:
    lab = visit("/linear?epochs=40", reduced_motion="no-preference")

    lab.train()
    lab.shows(39)
    lab.button("Continue training").click()
    lab.shows(79)
    assert lab.frames() == [0, *range(-1, 80)]  # the untrained model, then the film


def test_once_trained_every_change_shows_the_end_of_the_new_run_at_once(visit: Visit) -> None:
    lab = visit(reduced_motion="no-preference")  # "at once" does not depend on reduced motion

    lab.train()
    lab.shows(99)
    played = len(lab.frames())
    with lab.new_recording():
        lab.move("Learning rate", "ArrowRight")
    expect(lab.slider_value("Learning rate")).to_have_text("0.012")
    lab.shows(99)
    lab.reads(trained(lr=0.012).history.row(-1))
    with lab.new_recording():
        lab.move("Weight", "ArrowLeft")
    lab.shows(99)
    lab.reads(trained(lr=0.012, weight=0.69).history.row(-1))
    lab.unfold()
    with lab.new_recording():
        lab.choose("Loss", "MSE (squared)")
    lab.reads(trained(lr=0.012, weight=0.69, loss="mse").history.row(-1))
    assert set(lab.frames()[played:]) <= {99}  # nothing was played


def test_a_change_after_a_reset_shows_the_new_untrained_model(visit: Visit) -> None:
    lab = visit()

    lab.train()
    with lab.new_recording():
        lab.button("Reset").click()
    with lab.new_recording():
        lab.move("Weight", "ArrowLeft")
    run = wb.Run(wb.LinearConfig(weight=0.69))
    lab.reads({**run.losses(), **run.line})
    expect(lab.button("Play")).to_be_disabled()


def test_two_quick_clicks_on_train_are_one_training(visit: Visit) -> None:
    lab = visit()
    run = trained()

    with lab.new_recording():
        lab.button("Train").dblclick()
    lab.shows(99)
    lab.reads(run.history.row(-1))
    lab.scrub(0)
    lab.reads(run.history.row(0))


@pytest.mark.slow
def test_a_long_run_can_be_stopped_and_finished(visit: Visit, slow_server: str) -> None:
    lab = visit(LONG, at=slow_server)
    run = trained(**LONG_SETTINGS)

    with lab.new_recording():
        assert re.search(PROGRESS, stop_early(lab))
    stopped = lab.page.get_by_text(re.compile(r"Stopped after [\d,]+ of 5,000 epochs"))
    expect(stopped).to_be_visible()
    expect(lab.page.get_by_test_id("stProgress")).to_have_count(0)
    last = int(lab.player.get_attribute("data-frame") or 0)
    assert 0 < last < 4999
    lab.reads(run.history.row(last))
    expect(stopped).to_contain_text(f"Stopped after {last + 1:,} of 5,000 epochs")
    with lab.new_recording():
        lab.button("Continue training").click()
    lab.shows(4999)
    lab.reads(run.history.row(-1))
    lab.scrub(last + 1)
    lab.reads(run.history.row(last + 1))
    expect(stopped).to_have_count(0)


@pytest.mark.slow
def test_a_change_during_a_training_replaces_it(visit: Visit, slow_server: str) -> None:
    lab = visit(LONG, at=slow_server)

    lab.button("Train").evaluate(WHEN_LONG, "")
    lab.slider("Learning rate").press("ArrowRight")
    lab.shows(4999)
    lab.reads(trained(**LONG_SETTINGS, lr=0.012).history.row(-1))
    expect(lab.slider_value("Learning rate")).to_have_text("0.012")


@pytest.mark.slow
def test_a_reload_during_a_training_trains_the_same_run_again(visit: Visit, slow_server: str) -> None:
    lab = visit(LONG, at=slow_server)

    lab.button("Train").evaluate(WHEN_LONG, "")
    lab.page.reload()
    lab.ready()
    expect(lab.slider_value("Epochs")).to_have_text("5000")
    expect(lab.page).to_have_url(re.compile("optimizer=adam"))
    lab.shows(4999)
    lab.reads(trained(**LONG_SETTINGS).history.row(-1))


def test_a_diverging_run_says_so_and_shows_no_nan(visit: Visit) -> None:
    lab = visit("/linear?loss=mse&lr=1&epochs=1000")
    run = trained(loss="mse", lr=1, epochs=1000)
    assert run.diverged_at is not None

    lab.train()
    expect(lab.page.get_by_text(f"Training stopped at epoch {run.diverged_at}")).to_contain_text("it diverged")
    lab.shows(run.diverged_at - 1)
    expect(lab.button("Continue training")).to_be_disabled()
    for frame in (run.diverged_at - 1, 0, run.diverged_at // 2):
        lab.scrub(frame)
        lab.reads(run.history.row(frame))
        expect(lab.player.locator("path[d*=NaN], path[d*=Infinity]")).to_have_count(0)
        assert not no_numbers(lab)
    for panel in ("Tensors", "Model", "Checkpoint", "Device"):
        lab.open_panel(panel)
        expect(lab.page.locator(f".st-key-panel-{panel.lower()}")).to_be_visible()
        assert not no_numbers(lab)

"""Change, train, watch, look back: what the page is for."""

import pytest
from playwright.sync_api import expect

import wb_core as wb
from tests.browser.conftest import Visit
from tests.browser.lab import trained


def test_before_training_the_page_shows_the_data_and_the_untrained_model(visit: Visit) -> None:
    lab = visit()
    run = wb.Run(wb.LinearConfig())

    lab.reads({**run.losses(), **run.line})
    lab.soon(lambda: lab.drawn("fit", 0), {"type": "scatter", "n": len(run.data.X_train)})
    lab.soon(lambda: lab.drawn("fit", 1), {"type": "scatter", "n": len(run.data.X_test)})
    predictions = {"type": "scatter", "n": len(run.data.X_test)}  # one for each test point
    lab.soon(lambda: lab.drawn("fit", 3), predictions)
    expect(lab.button("Play")).to_be_disabled()
    expect(lab.button("Continue training")).to_be_disabled()


def test_train_plays_the_run_from_epoch_0_to_its_end(visit: Visit) -> None:
    lab = visit(reduced_motion="no-preference")
    run = trained()

    lab.button("Train").click()
    expect(lab.player).to_have_attribute("data-state", "playing")
    lab.shows(99)
    lab.reads(run.history.row(-1))
    assert lab.frames() == [0, *range(-1, 100)]  # the untrained model, then every epoch, in order, from the start on


@pytest.mark.parametrize(
    "settings",
    [{}, pytest.param({"model": "linear", "optimizer": "adam", "noise": 0.1, "seed": 7}, marks=pytest.mark.slow)],
)
def test_any_epoch_can_be_displayed(visit: Visit, settings: dict[str, str | float]) -> None:
    lab = visit("/linear?" + "&".join(f"{name}={value}" for name, value in settings.items()))
    run = trained(**settings)

    lab.train()
    for epoch in (99, 0, 57, 1, 98):
        lab.scrub(epoch)
        lab.reads(run.history.row(epoch))
        strong = {"type": "scatter", "n": epoch + 1}  # this part of the curve
        lab.soon(lambda: lab.drawn("loss", 2), strong)


@pytest.mark.slow
def test_with_reduced_motion_the_end_is_shown_at_once(visit: Visit) -> None:
    lab = visit(reduced_motion="reduce")

    before = len(lab.frames())
    lab.train()
    lab.shows(99)
    assert set(lab.frames()[before:]) == {99}

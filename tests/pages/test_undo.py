"""Undo and redo in the line lab: each change of settings and run, taken back to the last bit."""

import dataclasses
import json

import pytest

import wb_core as wb
from pages.ui.labs.line.lab import LinearLab
from pages.ui.labs.saved import SavedRun, Snapshot
from pages.ui.labs.undo import MOST, Undo
from pages.ui.session import browser_storage
from tests.pages.app import button, kept, lab_of, open_page, query, send_kept, widget
from tests.runs import finished

CONFIG = wb.LinearConfig(epochs=20)
LINE = {"weight": -1.5, "bias": 2.25}


def settings(lr):
    return dataclasses.replace(CONFIG, lr=lr)


@pytest.fixture
def lab():
    """A lab with a finished training of `CONFIG`, which began untrained."""
    lab = LinearLab()
    lab.follow(CONFIG)
    lab.train(CONFIG)
    settled(lab)
    return lab


def settled(lab):
    """Train what is to be trained, as the page does."""
    lab.follow(lab.seen)
    if lab.training:
        lab.run.finish()
        lab.ended()


def go(lab, snapshot):
    lab.go_to(snapshot)
    settled(lab)


def shown(lab):
    """Everything that an undo must bring back."""
    return lab.seen, lab.run.config, lab.run.history.frame().to_dict("list"), lab.run.line, lab.loaded, lab.epochs


def train(lab):
    lab.train(settings(0.05))


def reset(lab):
    lab.reset(CONFIG)


def slider(lab):
    lab.follow(settings(0.5))


def another_model(lab):
    lab.follow(dataclasses.replace(CONFIG, model="linear"))


def continued(lab):
    lab.resume(dataclasses.replace(CONFIG, epochs=7))


def stopped(lab):
    lab.train(settings(0.05))
    lab.follow(settings(0.05))
    lab.run.advance(epochs=5)
    lab.stop()


def loaded(lab):
    lab.load(CONFIG, wb.read_checkpoint(wb.save_checkpoint(wb.Run(CONFIG, start=LINE))))


def loaded_and_trained(lab):
    loaded(lab)
    settled(lab)
    lab.resume(CONFIG)


def diverged(lab):
    lab.follow(wb.LinearConfig(loss="mse", lr=1, epochs=1000))


@pytest.mark.parametrize(
    "act", [train, reset, slider, another_model, continued, stopped, loaded, loaded_and_trained, diverged]
)
def test_every_change_is_undone_and_redone_with_its_run(lab, act):
    before = shown(lab)
    act(lab)
    settled(lab)
    after = shown(lab)
    assert after != before
    steps = len(lab.undo.past)
    while len(lab.undo.past) > 1:
        go(lab, lab.note().back())
    assert shown(lab) == before
    go(lab, lab.note().back())
    assert (lab.run.config, lab.run.epoch) == (CONFIG, 0)
    while lab.undo.future:
        go(lab, lab.note().forward())
    assert shown(lab) == after
    assert len(lab.undo.past) == steps


def test_a_stop_is_no_step_of_its_own(lab):
    steps = len(lab.undo.past)
    stopped(lab)
    settled(lab)
    assert len(lab.undo.past) == steps + 1


def test_a_change_after_an_undo_ends_the_future(lab):
    for lr in (0.02, 0.03):
        lab.follow(settings(lr))
        settled(lab)
    go(lab, lab.note().back())
    lab.follow(settings(0.5))
    settled(lab)
    assert lab.undo.future == []
    assert [step.settings.lr for step in lab.undo.past] == [0.01, 0.01, 0.02]
    assert lab.note().forward() is None


def test_the_last_steps_are_kept_and_fit_into_the_browser(lab):
    odd = {"weight": -1.23, "bias": -1.98, "start": -4.9, "step": 0.045, "noise": 0.33, "train_fraction": 0.85}
    odd |= {"model": "linear", "loss": "huber", "optimizer": "adam", "momentum": 0.95, "epochs": 4999, "device": "auto"}
    for seed in range(MOST + 10):
        config = wb.LinearConfig(seed=9000 + seed, lr=0.0005, **odd)
        start = {"weight": -123456.789, "bias": -0.000123456789}
        run = SavedRun(config=config, epochs=49_000, planned=50_000, start=start)
        lab.undo.note(Snapshot(settings=config, run=run))
    assert MOST >= 20
    assert [step.settings.seed for step in lab.undo.past] == [*range(9009, 9009 + MOST)]
    text = json.dumps(lab.undo.plain())
    assert Undo.read(json.loads(text), wb.LinearConfig) == lab.undo
    assert len(text) < browser_storage.MAX_LENGTHS["visit"] * 0.5


def test_the_buttons_undo_and_redo_settings_and_run():
    app = open_page(epochs="30")
    assert button(app, "Undo").disabled
    assert button(app, "Redo").disabled
    button(app, "Train").click().run()
    widget(app, "Learning rate").set_value(0.05).run()
    widget(app, "Loss").set_value("mse").run()
    button(app, "Continue training").click().run()
    for lr, loss, epochs in ((0.05, "mse", 30), (0.05, "l1", 30), (0.01, "l1", 30), (0.01, "l1", 0)):
        button(app, "Undo").click().run()
        assert not app.exception
        assert (widget(app, "Learning rate").value, widget(app, "Loss").value) == (lr, loss)
        assert lab_of(app).show == "end"
        run = lab_of(app).run
        assert run.epoch == epochs
        again = wb.Run(run.config)
        again.advance(epochs=epochs)
        assert run.history.frame().equals(again.history.frame())
    assert query(app) == {"epochs": "30"}
    assert button(app, "Undo").disabled
    for _ in range(4):
        button(app, "Redo").click().run()
    assert button(app, "Redo").disabled
    whole = finished(wb.LinearConfig(lr=0.05, loss="mse", epochs=60))
    assert lab_of(app).run.history.frame().equals(whole.history.frame())


def test_undo_takes_back_the_advice_of_the_diagnosis():
    app = open_page(lr="0.5")
    button(app, "Train").click().run()
    [advice] = [found for found in app.button if found.key == "diagnosis.try"]
    advice.click().run()
    assert widget(app, "Learning rate").value != 0.5
    button(app, "Undo").click().run()
    assert (widget(app, "Learning rate").value, widget(app, "Epochs").value) == (0.5, 100)
    assert lab_of(app).run.history.frame().equals(finished(wb.LinearConfig(lr=0.5)).history.frame())


def test_undo_brings_valid_settings_back():
    app = open_page()
    widget(app, "X end").set_value(-3.0).run()
    assert app.error
    button(app, "Undo").click().run()
    assert not app.error
    assert widget(app, "X end").value == 1.0
    assert button(app, "Undo").disabled


def test_the_steps_outlive_a_reload(monkeypatch):
    app = open_page(epochs="30")
    button(app, "Train").click().run()
    widget(app, "Learning rate").set_value(0.05).run()
    widget(app, "Learning rate").set_value(0.5).run()
    button(app, "Undo").click().run()
    send_kept(monkeypatch, kept(app))
    again = open_page(epochs="30", lr="0.05")
    button(again, "Redo").click().run()
    assert lab_of(again).run.history.frame().equals(finished(wb.LinearConfig(lr=0.5, epochs=30)).history.frame())
    for _ in range(3):
        button(again, "Undo").click().run()
    assert lab_of(again).run.epoch == 0
    assert query(again) == {"epochs": "30"}


def test_two_visitors_undo_each_their_own():
    one, other = open_page(epochs="30"), open_page(epochs="30")
    for app in (one, other):
        button(app, "Train").click().run()
    widget(one, "Learning rate").set_value(0.5).run()
    button(one, "Undo").click().run()
    assert button(other, "Redo").disabled
    assert len(lab_of(other).undo.past) == 1

"""Training inside a script run: silent if short, with progress if long, and not lost if interrupted."""

import re
import time

import pytest

import wb_core as wb
from pages.ui import training
from pages.ui.labs.line.lab import LinearLab

LONG = wb.LinearConfig(epochs=2000, optimizer="adam")


class Place:
    """A fake of Streamlit's containers that records calls, and interrupts at the nth progress update."""

    def __init__(self, interrupt_at=None):
        self.texts, self.buttons, self.interrupt_at = [], [], interrupt_at

    def container(self, **_):
        return self

    def progress(self, part, text=None):
        assert 0 <= part <= 1
        if text is not None:
            self.texts.append(text)
        if self.interrupt_at is not None and len(self.texts) >= self.interrupt_at:
            raise Interrupt
        return self

    def button(self, label, **_):
        self.buttons.append(label)

    def empty(self):
        pass


@pytest.fixture
def long(monkeypatch):
    """Any run takes long, and says so at once, however fast the machine is."""
    for name, seconds in {"LONG": 0, "REPORT": 0, "SLICE": 0.01}.items():
        monkeypatch.setattr(training, name, seconds)


class Interrupt(BaseException):
    """The exception with which Streamlit ends a script run."""


def train(run, place):
    lab = LinearLab()
    lab.run = run
    training.train(lab, place, key="test")


def test_a_short_run_shows_no_progress():
    run, place = wb.Run(wb.LinearConfig()), Place()
    train(run, place)
    assert run.done
    assert (place.texts, place.buttons) == ([], [])


@pytest.mark.parametrize("waits", [(0.3, 0, 0, 0), (0.2, 0.2, 0.2, 0)], ids=["once", "always"])
def test_a_short_run_that_had_to_wait_shows_no_progress(monkeypatch, waits):
    def held_up(seconds):
        time.sleep(waits[run.epoch // 30])
        run.advance(epochs=30)

    run, place, lab = wb.Run(wb.LinearConfig()), Place(), LinearLab()
    lab.run = run
    monkeypatch.setattr(lab, "_train", held_up)
    assert not training.train(lab, place, key="test")
    assert run.done
    assert place.buttons == []


@pytest.mark.usefixtures("long")
def test_a_long_run_shows_epoch_losses_and_time_left_and_can_be_stopped():
    run, place = wb.Run(LONG), Place()
    train(run, place)
    assert run.done
    assert place.buttons == ["Stop"]
    epochs = [int(re.match(r"Epoch ([\d,]+) of 2,000", text)[1].replace(",", "")) for text in place.texts]
    assert epochs == sorted(epochs)
    for text, epoch in zip(place.texts, epochs, strict=True):
        loss = run.history.row(epoch - 1)["train_loss"]
        assert re.search(rf"train loss {re.escape(training.number(loss))} .* about [\d.]+ s left", text)


@pytest.mark.usefixtures("long")
def test_an_interrupted_training_continues():
    run, whole = wb.Run(LONG), wb.Run(LONG)
    with pytest.raises(Interrupt):
        train(run, Place(interrupt_at=1))
    assert 0 < run.epoch < 2000
    train(run, Place())
    whole.finish()
    assert run.history.frame().equals(whole.history.frame())


def test_a_superseded_script_run_stops_training():
    lab = LinearLab()
    old = lab.take_turn()
    assert lab.advance(old, seconds=0.001)
    reached = lab.run.epoch
    new = lab.take_turn()
    assert not lab.advance(old, seconds=0.001)
    assert lab.run.epoch == reached
    assert lab.advance(new, seconds=0.001)
    assert lab.run.epoch > reached


def test_a_running_slice_does_not_train_the_replaced_model():
    lab = LinearLab()
    turn = lab.take_turn()
    lab.reset(wb.LinearConfig())
    assert not lab.advance(turn, seconds=0.001)
    assert lab.run.epoch == 0

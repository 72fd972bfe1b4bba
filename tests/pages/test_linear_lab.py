"""The state of the lab: what each action displays, and what it leaves alone."""

import dataclasses

import numpy as np
import pytest

import wb_core as wb
from pages.ui.figures.linear import linear_recording
from pages.ui.labs.line.lab import LinearLab
from tests.pages.app import finish
from tests.runs import finished

CONFIG = wb.LinearConfig(epochs=20)


@pytest.fixture
def lab():
    return LinearLab()


@pytest.fixture
def trained():
    """A lab with a finished training of `CONFIG`."""
    lab = LinearLab()
    lab.train(CONFIG)
    finish(lab)
    return lab


def state(lab):
    return lab.run, lab.run.epoch, lab.run.line, lab.token, lab.first, lab.training


def test_a_new_lab_is_untrained_with_default_settings(lab):
    assert lab.run.config == wb.LinearConfig()
    assert lab.run.epoch == 0
    assert not lab.training
    assert not lab.can_resume


def test_training_starts_from_the_seed_and_is_played(trained):
    token = trained.token
    trained.train(CONFIG)
    assert trained.training
    assert trained.token != token
    assert trained.run.epoch == 0
    assert trained.run.line == wb.Run(CONFIG).line
    assert trained.show == "play"


def test_the_same_settings_change_nothing(trained):
    before = state(trained)
    trained.follow(CONFIG)
    assert state(trained) == before


CHANGES = [
    {name: value}
    for name, value in {
        "weight": 1.0,
        "noise": 0.1,
        "model": "linear",
        "loss": "mse",
        "seed": 7,
        "lr": 0.5,
        "optimizer": "adam",
        "momentum": 0.9,
        "epochs": 7,
    }.items()
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_setting_shows_the_end_of_the_new_trained_run(trained, change):
    token = trained.token
    changed = dataclasses.replace(CONFIG, **change)
    trained.follow(changed)
    assert (trained.run.config, trained.training, trained.show) == (changed, True, "end")
    assert trained.token != token
    finish(trained)
    assert trained.run.history.frame().equals(finished(changed).history.frame())


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_setting_of_an_untrained_model_shows_the_new_untrained_model(lab, change):
    token = lab.token
    changed = dataclasses.replace(wb.LinearConfig(), **change)
    lab.follow(changed)
    assert (lab.run.config, lab.run.epoch, lab.training) == (changed, 0, False)
    assert lab.token != token


def test_a_change_during_a_training_replaces_it(lab):
    lab.train(CONFIG)
    turn = lab.take_turn()
    lab.run.advance(epochs=5)
    changed = wb.LinearConfig(lr=0.5)
    lab.follow(changed)
    assert (lab.run.config, lab.run.epoch, lab.training, lab.show) == (changed, 0, True, "end")
    assert not lab.advance(turn, 0.01)
    assert lab.run.epoch == 0


def test_a_change_after_a_diverged_run_trains_the_new_one(lab):
    lab.train(wb.LinearConfig(loss="mse", lr=1, epochs=1000))
    finish(lab)
    assert lab.run.diverged_at is not None
    lab.follow(CONFIG)
    assert (lab.run.config, lab.training) == (CONFIG, True)


def test_only_reset_leads_back_to_untrained_models(trained):
    trained.reset(CONFIG)
    changed = wb.LinearConfig(epochs=20, lr=0.5)
    trained.follow(changed)
    assert (trained.run.config, trained.trained) == (changed, False)


def test_a_continued_run_stays_until_a_setting_changes(trained):
    trained.resume(wb.LinearConfig(epochs=7))
    finish(trained)
    before = state(trained)
    trained.follow(wb.LinearConfig(epochs=7))
    assert state(trained) == before
    changed = wb.LinearConfig(epochs=7, lr=0.5)
    trained.follow(changed)
    finish(trained)
    assert trained.run.history.frame().equals(finished(changed).history.frame())


def test_stop_keeps_the_trained_epochs_and_resume_trains_the_rest(lab):
    lab.train(CONFIG)
    lab.run.advance(epochs=5)
    run, token = lab.run, lab.token
    lab.stop()
    assert (lab.run, lab.run.epoch, lab.training) == (run, 5, False)
    assert lab.token != token
    assert lab.show == "end"
    lab.resume(CONFIG)
    assert (lab.run, lab.first, lab.training, lab.run.epochs) == (run, 5, True, 20)
    assert lab.show == "play"
    finish(lab)
    whole = wb.Run(CONFIG)
    whole.finish()
    assert lab.run.history.frame().equals(whole.history.frame())


def test_resuming_a_finished_run_adds_the_current_number_of_epochs(trained):
    trained.resume(wb.LinearConfig(epochs=7))
    assert trained.run.epochs == 27
    assert trained.first == 20
    finish(trained)
    assert trained.run.epoch == 27


def test_resume_does_nothing_without_a_trained_model(lab):
    before = state(lab)
    lab.resume(CONFIG)
    assert state(lab) == before
    lab.train(CONFIG)
    before = state(lab)
    lab.resume(CONFIG)  # a second click
    assert state(lab) == before


def test_a_diverged_run_is_not_resumed(lab):
    lab.train(wb.LinearConfig(loss="mse", lr=1, epochs=1000))
    finish(lab)
    assert lab.run.diverged_at is not None
    assert not lab.can_resume


def test_reset_restores_the_seeds_weights(trained):
    token = trained.token
    trained.reset(CONFIG)
    assert trained.run.epoch == 0
    assert trained.run.line == wb.Run(CONFIG).line
    assert trained.token != token
    assert not trained.can_resume


def test_a_checkpoint_is_displayed_and_can_be_trained(trained):
    data, line = wb.save_checkpoint(trained.run), trained.run.line
    trained.reset(CONFIG)
    trained.load(CONFIG, wb.read_checkpoint(data))
    assert trained.run.line == trained.run.start == line
    assert trained.loaded
    assert trained.can_resume
    trained.follow(wb.LinearConfig(epochs=20, lr=0.5))  # the loaded weights stay for another training
    assert (trained.run.line, trained.run.epoch, trained.training) == (line, 0, False)
    trained.resume(wb.LinearConfig(epochs=20, lr=0.5))
    finish(trained)
    slower = wb.LinearConfig(epochs=20, lr=0.05)
    trained.follow(slower)  # and once it was trained
    finish(trained)
    assert trained.loaded
    assert trained.run.history.frame().equals(finished(slower, start=line).history.frame())
    trained.reset(CONFIG)
    trained.load(CONFIG, wb.read_checkpoint(data))
    trained.follow(wb.LinearConfig(epochs=20, model="linear"))  # but not in another model
    assert not trained.loaded
    assert trained.run.line == wb.Run(wb.LinearConfig(model="linear")).line


def test_a_refused_checkpoint_changes_nothing(trained):
    before = state(trained)
    other = wb.read_checkpoint(wb.save_checkpoint(wb.Run(wb.LinearConfig(model="linear"))))
    with pytest.raises(wb.CheckpointError):
        trained.load(CONFIG, other)
    assert state(trained) == before


def same(recording, other):
    return (
        recording.columns.keys() == other.columns.keys()
        and all(np.array_equal(recording.columns[name], other.columns[name]) for name in recording.columns)
        and dataclasses.replace(recording, columns={}) == dataclasses.replace(other, columns={})
    )


def test_the_recording_of_a_displayed_run_is_made_once(trained):
    recording = trained.recording
    trained.follow(CONFIG)
    assert trained.recording is recording
    assert same(recording, linear_recording(trained.run))


@pytest.mark.parametrize(
    "act",
    [
        lambda lab: lab.reset(CONFIG),
        lambda lab: (lab.follow(wb.LinearConfig(epochs=20, loss="mse")), finish(lab)),
        lambda lab: lab.load(CONFIG, wb.read_checkpoint(wb.save_checkpoint(lab.run))),
        lambda lab: (lab.resume(CONFIG), lab.run.advance(epochs=3), lab.stop()),
        lambda lab: (lab.resume(CONFIG), lab.recording, finish(lab)),
        lambda lab: (lab.train(wb.LinearConfig(loss="mse", lr=1, epochs=1000)), lab.recording, finish(lab)),
    ],
    ids=["reset", "another loss", "checkpoint", "stopped", "continued", "diverged"],
)
def test_the_recording_is_that_of_the_displayed_run(trained, act):
    before = trained.recording
    act(trained)
    assert same(trained.recording, linear_recording(trained.run, loaded=trained.loaded))
    assert not same(trained.recording, before)

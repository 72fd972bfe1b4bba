"""The runs of the step page: who may train them, and when new ones are made."""

import pytest

import wb_core as wb
from pages.ui.labs.line.lab import LinearLab
from pages.ui.player import inspected
from pages.ui.step.runs import StepLab, StepRun
from wb_core.kinds.line.microscope import WHAT_IFS, Microscope

CONFIG = wb.LinearConfig(epochs=60)
START = {"weight": 0.5, "bias": 0.25}


class Steps:
    """A visitor's `StepLab`, and its latest runs."""

    def __init__(self):
        self.lab = StepLab()

    def follow(self, config, what_if, lab):
        self.runs = self.lab.follow(config, what_if, lab)

    def __getattr__(self, name):
        return getattr(self.runs, name)


def followed(config=CONFIG, what_if="none", lab=None):
    steps = Steps()
    steps.follow(config, what_if, lab or LinearLab())
    return steps


def trained(scope):
    turn = scope.take_turn()
    while not scope.done:
        assert scope.advance(turn, 1.0)
    return scope


def loaded_lab(start=START):
    """A lab that displays a checkpoint of this line."""
    lab = LinearLab()
    lab.load(CONFIG, wb.read_checkpoint(wb.save_checkpoint(wb.Run(CONFIG, start=start))))
    return lab


def test_only_the_holder_of_the_turn_trains():
    scope = StepRun(Microscope(CONFIG))
    old = scope.take_turn()
    new = scope.take_turn()
    assert old != new
    assert not scope.advance(old, 1.0)
    assert scope.run.epoch == 0
    assert scope.advance(new, 1.0)
    assert scope.run.epoch > 0
    epoch = scope.run.epoch
    assert not scope.advance(old, 1.0)
    assert scope.run.epoch == epoch


def test_a_stopped_training_is_done_and_keeps_its_epochs():
    scope = StepRun(Microscope(wb.LinearConfig(epochs=50_000)))
    turn = scope.take_turn()
    scope.advance(turn, 0.02)
    epochs, rows = scope.run.epoch, scope.run.history.frame()
    assert 0 < epochs < 50_000
    assert not scope.done
    scope.stop()
    assert scope.done
    assert not scope.advance(turn, 0.02)  # the script run that was training must stop
    assert scope.run.epoch == scope.microscope.epochs == epochs
    assert scope.run.history.frame().equals(rows)
    for epoch in (0, epochs - 1):
        assert scope.look(epoch).moments[-1].tensors["loss"].item() == scope.run.history.row(epoch)["train_loss"]


def test_a_scope_is_done_when_its_run_is():
    scope = trained(StepRun(Microscope(CONFIG)))
    assert scope.done
    assert not scope.stopped
    assert scope.run.epoch == CONFIG.epochs
    diverged = trained(StepRun(Microscope(wb.LinearConfig(loss="mse", lr=5.0, epochs=5000))))
    assert diverged.done
    assert diverged.run.epoch < 5000


def test_the_last_look_is_cached():
    scope = trained(StepRun(Microscope(CONFIG)))
    first = scope.look(3)
    assert scope.look(3) is first
    assert scope.look(4).epoch == 4
    assert scope.look(3).epoch == 3


def test_each_scope_has_its_own_token():
    steps = followed(what_if="skip_step")
    assert steps.main.token != steps.control.token != followed(what_if="skip_step").control.token


@pytest.mark.parametrize("what_if", WHAT_IFS)
def test_a_what_if_comes_with_its_control_run(what_if):
    steps = followed(what_if=what_if)
    assert steps.main.run.config.lr == WHAT_IFS[what_if].settings.get("lr", CONFIG.lr)
    if what_if == "none":
        assert steps.control is None
        assert steps.all == (steps.main,)
        return
    assert steps.all == (steps.main, steps.control)
    assert steps.control.run.config == CONFIG
    for scope in steps.all:
        trained(scope)
    expected = Microscope(CONFIG, what_if=what_if, control=True)
    expected.advance(60)
    assert steps.control.run.history.row(-1) == expected.run.history.row(-1)
    same = steps.main.run.history.row(-1) == steps.control.run.history.row(-1)
    assert same is (what_if == "no_inference_mode")


@pytest.mark.parametrize("what_if", ["none", "skip_zero_grad"])
def test_the_same_settings_keep_the_same_scopes_and_what_they_have_trained(what_if):
    steps, lab = followed(what_if=what_if), LinearLab()
    scopes = steps.all
    trained(steps.main)
    for _ in range(2):
        steps.follow(wb.LinearConfig(epochs=60), what_if, lab)
        assert all(now is before for now, before in zip(steps.all, scopes, strict=True))
    assert steps.main.run.epoch == 60


def test_a_stopped_scope_stays_stopped_while_the_settings_are_the_same():
    steps = followed()
    steps.main.stop()
    assert not steps.main.done  # no epoch can be shown yet
    assert steps.main.advance(steps.main.take_turn(), 0.0)
    assert steps.main.run.epoch == 50
    steps.follow(CONFIG, "none", LinearLab())
    assert steps.main.done
    steps.follow(wb.LinearConfig(epochs=60, lr=0.02), "none", LinearLab())
    assert not steps.main.done


@pytest.mark.parametrize(
    "other", [{"lr": 0.02}, {"seed": 7}, {"epochs": 61}, {"model": "linear"}, {"weight": 0.5}, {"what_if": "skip_step"}]
)
def test_other_settings_make_another_run(other):
    steps = followed(what_if="skip_zero_grad")
    before = steps.all
    trained(steps.main)
    config = wb.LinearConfig(**{"epochs": 60, **{name: value for name, value in other.items() if name != "what_if"}})
    steps.follow(config, other.get("what_if", "skip_zero_grad"), LinearLab())
    assert not set(map(id, before)) & set(map(id, steps.all))
    assert len({scope.token for scope in (*before, *steps.all)}) == 4
    assert steps.main.run.epoch == 0
    for scope in steps.all:
        assert scope.run.config == config
    steps.follow(config, "none", LinearLab())
    assert steps.control is None


@pytest.mark.parametrize("what_if", ["none", "skip_zero_grad", "lr_100", "no_train_mode"])
def test_both_runs_start_from_the_checkpoint(what_if):
    steps = followed(what_if=what_if, lab=loaded_lab())
    for scope in steps.all:
        assert scope.run.start == START
        first = trained(scope).look(0).before.tensors
        assert [first[name].item() for name in ("weights", "bias")] == [0.5, 0.25]


def test_only_another_checkpoint_makes_another_run():
    steps = followed(what_if="skip_step", lab=loaded_lab())
    scope = steps.main
    steps.follow(CONFIG, "skip_step", loaded_lab())
    assert steps.main is scope
    steps.follow(CONFIG, "skip_step", loaded_lab({"weight": 0.5, "bias": 0.5}))
    assert steps.main is not scope
    assert [scope.run.start["bias"] for scope in steps.all] == [0.5, 0.5]


def test_without_a_checkpoint_a_run_starts_from_its_seed():
    seed = wb.Run(CONFIG).start
    lab = LinearLab()
    lab.train(CONFIG)
    lab.run.finish()
    assert followed(lab=lab).main.run.start == seed
    other = wb.LinearConfig(epochs=60, lr=0.5)  # the displayed checkpoint belongs to other settings
    assert followed(config=other, lab=loaded_lab()).main.run.start == seed


@pytest.mark.parametrize("what_if", ["none", "skip_zero_grad", "no_inference_mode"])
def test_both_runs_have_the_epochs_of_a_continued_lab(what_if):
    lab = LinearLab()
    lab.train(CONFIG)
    lab.run.finish()
    steps = followed(what_if=what_if, lab=lab)
    before = steps.all
    assert [scope.run.epochs for scope in before] == [60] * len(before)
    lab.stop()
    lab.resume(CONFIG)
    lab.run.finish()
    steps.follow(CONFIG, what_if, lab)
    assert [scope.run.epochs for scope in steps.all] == [120] * len(before)
    assert not set(map(id, before)) & set(map(id, steps.all))
    assert [trained(scope).run.epoch for scope in steps.all] == [120] * len(before)
    assert steps.config.epochs == 120
    assert steps.shared(CONFIG).epochs == 120
    other = wb.LinearConfig(epochs=60, lr=0.5)
    steps.follow(other, what_if, lab)
    assert [scope.run.epochs for scope in steps.all] == [60] * len(before)


def test_visitors_have_separate_runs():
    one, two = followed(), followed()
    trained(one.main)
    assert two.main.run.epoch == 0


def test_a_stopped_run_of_the_lab_can_be_shown():
    lab = LinearLab()
    lab.train(CONFIG)
    lab.run.advance(epochs=20)
    lab.stop()
    steps = followed(lab=lab)
    assert trained(steps.main).run.epoch == 20
    assert steps.main.run.history.frame().equals(lab.run.history.frame())


def test_a_stopped_scope_can_continue():
    scope = StepRun(Microscope(wb.LinearConfig(epochs=200)))
    scope.advance(scope.take_turn(), 0.0)
    scope.stop()
    assert scope.done
    scope.resume()
    assert trained(scope).run.epoch == 200


@pytest.mark.parametrize("value", [True, False, 1.0, -1, 10, "3", None, [3], 10**30])
def test_only_a_frame_of_the_recording_can_be_inspected(value):
    assert inspected(value, 10) is None
    assert inspected(3, 10) == 3

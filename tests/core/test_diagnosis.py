"""`diagnose` on known cases, on its own suggestions, and on arbitrary histories."""

import dataclasses
import math
import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.core import plain, reference_diagnosis
from tests.core.test_diagnosis_matrix import draw
from tests.runs import Training
from tests.width import cases
from wb_core.base.fields import Choice, Switch, log_stops, specs
from wb_core.kinds.line.diagnosis import outlook

BEST = {"weight": 0.7, "bias": 0.3}


def trained(start=None, **settings):
    run = wb.Run(wb.LinearConfig(**settings), start=start)
    run.finish()
    return run


def diagnosis(run):
    return wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)


def of(start=None, **settings):
    return diagnosis(trained(start, **settings))


class TestKnownCases:
    def test_the_default_training_is_learning(self):
        found = of()
        assert found.label == "learning"
        assert found.evidence["first"] == pytest.approx(0.3129, abs=1e-4)
        assert found.evidence["last"] < 0.1 * found.evidence["first"]
        assert found.suggestion == wb.Suggestion({"epochs": 100}, resume=True)

    def test_l1_with_a_fixed_step_bounces_between_two_small_losses(self):
        run = trained(epochs=300)
        found = diagnosis(run)
        assert found.label == "bouncing"
        losses = run.history.column("train_loss")
        assert (min(losses[-100:]), max(losses[-100:])) == pytest.approx((0.002589, 0.008932), abs=1e-5)
        assert found.evidence["low"] <= min(losses[-100:])
        assert found.evidence["high"] == pytest.approx(max(losses[-100:]), rel=0.06)
        assert 100 < found.evidence["since"] < 200
        assert found.epochs == (found.evidence["since"], 299)

    def test_the_step_that_makes_l1_bounce_is_learning_rate_times_gradient(self):
        evidence = of(epochs=300).evidence
        assert evidence["moves"] == 1  # the bias
        assert evidence["step"] == pytest.approx(evidence["lr"] * evidence["gradient"], rel=1e-4)
        assert evidence["step"] == pytest.approx(0.01, rel=1e-4)

    def test_a_run_bounces_only_from_where_its_loss_rises(self):
        run = trained(lr=0.06)
        losses = run.history.column("train_loss")
        since = int(diagnosis(run).evidence["since"])
        assert (np.diff(losses[: since + 1]) < 0).all()
        assert losses[since + 1] > losses[since]

    def test_l1_at_lr_half_returns_every_second_epoch(self):
        found = of(lr=0.5)
        assert found.label == "bouncing"
        assert found.evidence["since"] == 0

    @pytest.mark.parametrize("epochs", [100, 1000])
    def test_mse_at_lr_1_explodes_whether_or_not_the_run_finished(self, epochs):
        run = trained(loss="mse", lr=1.0, epochs=epochs)
        found = diagnosis(run)
        assert found.label == "exploding"
        assert found.evidence["since"] == 0
        assert found.evidence["limit"] == pytest.approx(0.8625, abs=5e-5)
        assert found.evidence["growth"] == pytest.approx((1 - 2 / 0.8625) ** 2, rel=0.01)
        assert found.epochs[1] == (run.diverged_at or 99)

    def test_the_learning_rate_limit_of_mse_is_0_8625(self):
        assert of(loss="mse", lr=0.862, epochs=100).label != "exploding"
        assert of(loss="mse", lr=0.863, epochs=100).label == "exploding"

    def test_a_small_learning_rate_is_too_slow_with_evidence(self):
        configs = [wb.LinearConfig(lr=0.0001), wb.LinearConfig(loss="mse", lr=0.01)]
        longer = reference_diagnosis.simulate(configs, 25_000).losses.T
        for config, losses, error in zip(configs, longer, (0.25, 0.01), strict=True):
            found = of(loss=config.loss, lr=config.lr)
            least, enough = reference_diagnosis.best(config)
            last = np.flatnonzero(losses - least > enough)[-1]
            assert found.label == "too_slow"
            assert found.evidence["more"] == pytest.approx(last + 1 - config.epochs, rel=error)

    def test_mse_converges_when_its_loss_is_as_good_as_the_best(self):
        run = trained(loss="mse", lr=0.5, epochs=300)
        found = diagnosis(run)
        assert found.label == "converged"
        epoch = int(found.evidence["epoch"])
        limits = wb.limits_of(run.data, "mse")
        line = run.history.row(epoch)
        assert limits.loss_at(line["weight"], line["bias"]) - limits.best.loss <= limits.tolerance
        line = run.history.row(epoch - 1)
        assert limits.loss_at(line["weight"], line["bias"]) - limits.best.loss > limits.tolerance
        assert found.suggestion is None

    @pytest.mark.parametrize("loss", plain.LOSSES)
    def test_a_start_at_the_best_line_is_optimum(self, loss):
        assert of(start=BEST, loss=loss, lr=0.0001, epochs=20).label == "optimum"

    def test_l1_with_large_steps_leaves_even_the_best_line(self):
        assert of(start={**BEST, "bias": 0.3001}, lr=0.05, epochs=20).label == "bouncing"

    def test_a_run_with_a_given_start_is_diagnosed(self):
        assert of(start={"weight": 50.0, "bias": -50.0}, loss="mse", lr=0.5, epochs=300).label == "converged"
        assert of(start={"weight": 50.0, "bias": -50.0}, epochs=100).label == "too_slow"


class TestTheLosses:
    @pytest.mark.parametrize("settings", [{"loss": "l1"}, {"loss": "huber"}, {"loss": "mse", "optimizer": "adam"}])
    @pytest.mark.parametrize("lr", [1.0, 10.0, 1000.0])
    def test_only_mse_with_sgd_explodes(self, settings, lr):
        assert of(lr=lr, epochs=300, **settings).label != "exploding"

    def test_huber_bounces_above_twice_the_limit_of_mse_and_settles_below_it(self):
        limit = wb.limits_of(trained(epochs=1).data, "huber").lr(wb.LinearConfig(loss="huber"))
        assert limit == pytest.approx(2 * 0.8625, abs=1e-4)
        assert of(loss="huber", lr=limit * 0.9, epochs=500).label == "converged"
        assert of(loss="huber", lr=limit * 1.1, epochs=500).label == "bouncing"

    @pytest.mark.parametrize("momentum", [0.5, 0.9])
    def test_momentum_raises_the_limit_of_mse(self, momentum):
        config = wb.LinearConfig(loss="mse", momentum=momentum)
        limit = wb.limits_of(wb.Run(config).data, "mse").lr(config)
        assert limit == pytest.approx(0.8625 * (1 + momentum), abs=1e-3)
        assert of(loss="mse", momentum=momentum, lr=limit * 0.98, epochs=500).label != "exploding"
        assert of(loss="mse", momentum=momentum, lr=limit * 1.02, epochs=500).label == "exploding"

    @pytest.mark.parametrize("settings", [{"loss": "l1"}, {"loss": "mse", "optimizer": "adam"}])
    def test_l1_and_adam_have_no_limit(self, settings):
        config = wb.LinearConfig(**settings)
        assert wb.limits_of(wb.Run(config).data, config.loss).lr(config) is None


# Five noisy points to learn from, and the rest of the line to be tested on.
FEW = {"noise": 0.3, "train_fraction": 0.1, "loss": "mse", "lr": 0.8, "epochs": 5000}


class TestFindings:
    def test_overfitting_is_found_in_addition_to_the_diagnosis(self):
        run = trained(**FEW)
        found = diagnosis(run)
        [overfitting] = [finding for finding in found.findings if finding.label == "overfitting"]
        evidence, test = overfitting.evidence, run.history.column("test_loss")
        assert evidence["test_low"] == min(test) == test[int(evidence["epoch"])]
        assert evidence["test_last"] == test[-1] > 1.1 * min(test)
        assert evidence["train_last"] < evidence["train_then"]

    def test_unlike_test_points_are_found(self):
        found = of(**FEW, momentum=0.9)
        assert found.label == "converged"
        [unlike] = [finding for finding in found.findings if finding.label == "unlike_test"]
        assert unlike.evidence["test_last"] > 3 * unlike.evidence["train_last"]
        assert found.suggestion == wb.Suggestion({"train_fraction": 0.8})

    @pytest.mark.parametrize("loss", plain.LOSSES)
    def test_without_noise_there_are_no_findings(self, loss):
        for lr in (0.001, 0.01, 0.1, 0.5):
            assert of(loss=loss, lr=lr, epochs=500).findings == ()


class TestLengths:
    def test_a_single_epoch_is_diagnosed(self):
        assert of(epochs=1).label == "learning"
        assert of(epochs=1, lr=1e-4).label == "too_slow"
        assert of(epochs=1, loss="mse", lr=1.0).label == "exploding"

    def test_a_stopped_run_is_judged_by_what_it_recorded(self):
        run = wb.Run(wb.LinearConfig(epochs=5000))
        run.advance(epochs=50)
        assert diagnosis(run) == of(epochs=50)

    def test_fifty_thousand_epochs_are_diagnosed(self):
        run = trained(epochs=5000, loss="mse", lr=0.1)
        last = run.history.row(-1)
        assert last == run.history.row(-1000)  # it has converged, and would repeat this row forever
        for _ in range(45_000):
            run.history.append(list(last.values()))
        found = diagnosis(run)
        assert found.label == "converged"
        assert found.epochs == (found.evidence["epoch"], 49_999)

    def test_a_run_that_diverged_before_its_first_row(self):
        run = trained(start={"weight": 3e38, "bias": 3e38}, loss="mse", epochs=3)
        assert run.diverged_at == 0
        found = diagnosis(run)
        assert (found.label, found.epochs) == ("exploding", (0, 0))
        assert found.suggestion is not None

    def test_an_empty_history_is_refused(self):
        with pytest.raises(ValueError, match="no epoch"):
            wb.diagnose(wb.History(wb.LinearRun.columns), wb.LinearConfig())

    def test_limits_can_be_made_once_for_many_histories(self):
        run = trained()
        assert wb.diagnose(run.history, run.config, limits=wb.limits_of(run.data, "l1")) == diagnosis(run)


# --- its advice


def follow(training, run, suggestion):
    """The run that a suggestion leads to."""
    if suggestion.resume:
        return training.after(run.epoch + suggestion.changes["epochs"])
    config = dataclasses.replace(run.config, **suggestion.changes)
    return Training(config).after(config.epochs)


def own_line(run):
    """The line in the units of the points, whatever the model learns on."""
    return dict(zip(("weight", "bias"), run.data.scale.own_line(*run.line.values()), strict=True))


def offered(config, name, value):
    spec = specs(config)[name]
    if isinstance(spec, Choice):
        return value in spec.options
    if isinstance(spec, Switch):
        return value is not getattr(config, name)
    stops = log_stops(*spec.offered) if spec.log else spec.values or ()
    inside = spec.offered[0] <= value <= spec.offered[1] and (not spec.integer or isinstance(value, int))
    return value in stops if stops else inside


# Stopped or continued runs have more or fewer epochs than a new training.
LENGTHS = {"as asked": 1.0, "stopped": 0.2, "extended": 4.0}


@pytest.mark.parametrize(
    ("length", "number", "seed"),
    [
        ("as asked", 12, 1),
        pytest.param("as asked", 60, 7, marks=pytest.mark.slow),
        pytest.param("stopped", 30, 7, marks=pytest.mark.slow),
        pytest.param("extended", 25, 7, marks=pytest.mark.slow),
    ],
)
def test_every_suggestion_is_offered_by_the_controls_and_helps(length, number, seed):
    """The new run does not explode; bounces are narrower or gone; a slow run is not slow, or far better."""
    chance = random.Random(seed)
    labels = []
    while len(labels) < number:
        config = draw(chance)
        training = Training(config)
        run = training.after(math.ceil(LENGTHS[length] * config.epochs))
        found, limits = diagnosis(run), wb.limits_of(run.data, config.loss)
        if found.suggestion is None:
            assert found.label in ("converged", "optimum")
            continue
        assert all(offered(config, name, value) for name, value in found.suggestion.changes.items())
        assert found.suggestion.resume == (set(found.suggestion.changes) == {"epochs"})
        before = limits.loss_at(**run.line) - limits.best.loss
        after = follow(training, run, found.suggestion)
        now, excess = diagnosis(after), limits.loss_at(**own_line(after)) - limits.best.loss
        labels.append(found.label)
        case = (config, found, now)
        if found.label == "exploding":
            assert now.label != "exploding", case
        if found.label == "bouncing":
            assert now.label != "bouncing" or now.evidence["high"] < 0.5 * found.evidence["high"], case
            assert now.label != "too_slow" or excess < before, case
        if found.label == "too_slow":
            assert now.label != "exploding", case
            assert now.label != "too_slow" or excess < 0.1 * before, case
            assert excess < before, case
    assert {"bouncing", "too_slow", "learning"} <= set(labels)
    assert "exploding" in labels or length != "as asked"


def test_a_suggestion_counts_the_epochs_of_a_new_training():
    training = Training(wb.LinearConfig(epochs=100))
    run = training.after(5100)
    found = diagnosis(run)
    assert found.label == "bouncing"
    assert found.suggestion.changes["epochs"] > 1000
    assert diagnosis(follow(training, run, found.suggestion)).label == "converged"


# --- properties of all histories

configs = st.builds(
    wb.LinearConfig,
    loss=st.sampled_from(["l1", "mse", "huber"]),
    optimizer=st.sampled_from(["sgd", "adam"]),
    momentum=st.sampled_from([0.0, 0.5, 0.9, 0.99]),
    lr=st.floats(-6, 2.9).map(lambda power: 10**power),
    noise=st.sampled_from([0.0, 0.1, 5.0]),
    weight=st.floats(-1e4, 1e4),
    bias=st.floats(-1e4, 1e4),
    start=st.sampled_from([0.0, -5.0, 100.0]),
    end=st.sampled_from([150.0, 170.0]),
    step=st.sampled_from([0.7, 3.0, 40.0]),
    train_fraction=st.sampled_from([0.01, 0.5, 0.8]),
    epochs=st.integers(1, 60),
)


@settings(max_examples=cases(150))
@given(configs)
def test_every_real_run_gets_a_sound_diagnosis(config):
    run = wb.Run(config)
    run.finish()
    found = diagnosis(run)
    assert_sound(found, run.epoch, run.diverged_at)
    assert found == diagnosis(run)
    if found.label == "exploding":
        assert (config.loss, config.optimizer) == ("mse", "sgd") or run.diverged_at is not None
    if found.label in ("converged", "optimum"):
        limits = wb.limits_of(run.data, config.loss)
        assert run.diverged_at is None
        assert limits.loss_at(**run.line) - limits.best.loss <= limits.tolerance


numbers = st.floats(-(2.0**127), 2.0**127, width=32)


@settings(max_examples=cases(150))
@given(
    configs,
    st.lists(
        st.tuples(numbers.map(abs), numbers.map(abs), numbers, numbers, numbers, numbers), min_size=1, max_size=20
    ),
    st.booleans(),
)
def test_an_arbitrary_history_gets_a_sound_diagnosis(config, rows, diverged):
    history = wb.History(wb.LinearRun.columns)
    for row in rows:
        history.append(row)
    diverged_at = len(rows) if diverged else None
    found = wb.diagnose(history, config, diverged_at=diverged_at)
    assert_sound(found, len(rows), diverged_at)
    if diverged:
        assert found.label == "exploding"


def assert_sound(found, epochs, diverged_at):
    assert found.label in wb.DIAGNOSES
    assert 0 <= found.epochs[0] <= found.epochs[1]
    assert found.epochs[1] == (epochs - 1 if diverged_at is None else diverged_at)
    for evidence in (found.evidence, *(finding.evidence for finding in found.findings)):
        assert all(type(value) is float and math.isfinite(value) for value in evidence.values())
    if found.suggestion:
        assert found.suggestion.changes
        config = wb.LinearConfig(start=0, end=1, step=0.1)
        assert all(offered(config, name, value) for name, value in found.suggestion.changes.items())


@pytest.mark.parametrize("weight", [3e38, -1e30, 1e-30])
@pytest.mark.parametrize("loss", plain.LOSSES)
def test_a_weight_without_effect_takes_no_time_and_gives_no_warning(loss, weight):
    config = wb.LinearConfig(loss=loss, start=0, end=170, step=40, train_fraction=0.01)  # one training point, at X = 0
    limits = wb.limits_of(plain.line_data(config), loss)
    assert outlook.descent(limits, np.array([weight, limits.best.bias])) == 0
    assert outlook.descent(limits, np.array([weight, limits.best.bias + 10])) > 0


def test_tolerance_and_least_loss_agree_with_an_independent_solution():
    for seed in range(12):
        config = draw(random.Random(seed))
        limits = wb.limits_of(plain.line_data(config), config.loss)
        least, enough = reference_diagnosis.best(config)
        assert limits.best.loss == pytest.approx(least, rel=1e-6, abs=1e-6)
        assert limits.tolerance == pytest.approx(enough, rel=1e-3)


def test_the_curvature_is_that_of_autograd():
    for loss, settings_ in (("mse", {"noise": 0.1}), ("huber", {"noise": 2.0})):
        data = plain.line_data(wb.LinearConfig(**settings_))
        limits = wb.limits_of(data, loss)
        line = torch.tensor([limits.best.weight, limits.best.bias], dtype=torch.float64)
        X, y = data.X_train.double(), data.y_train.double()
        second = torch.autograd.functional.hessian(lambda p: plain.LOSSES[loss]()(p[0] * X + p[1], y), line)  # noqa: B023
        directions, curvature = torch.tensor(limits.directions), torch.tensor(limits.curvature)
        torch.testing.assert_close(directions @ torch.diag(curvature) @ directions.T, second)

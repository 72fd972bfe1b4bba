"""The rules of `diagnose` one by one, each on both sides of its threshold."""

import dataclasses

import numpy as np
import pytest

import wb_core as wb
from tests.core import plain
from wb_core.kinds.line.diagnosis import outlook
from wb_core.kinds.line.diagnosis.evidence import TrainingCurve
from wb_core.kinds.line.diagnosis.findings import findings
from wb_core.kinds.line.diagnosis.suggest import suggest


def limits_of(config):
    return wb.limits_of(plain.line_data(config), config.loss)


def record_of(line=None, **settings):
    run = wb.Run(wb.LinearConfig(**settings), start=line)
    run.finish()
    return TrainingCurve.read(run.history, run.config, limits_of(run.config))


def curve(train, test, *, best_test=9.0):
    """A curve of these losses (one train loss more than test losses) on data where the best loss is 0."""
    config = wb.LinearConfig(loss="mse")
    limits = dataclasses.replace(limits_of(config), tolerance=1e-9, best_test=best_test)
    lines = np.zeros((len(test), 2))
    return TrainingCurve(config, limits, np.array(train, dtype=float), np.array(test, dtype=float), lines, lines)


class TestFindings:
    @pytest.mark.parametrize(("ratio", "found"), [(2.9, []), (3.1, ["unlike_test"]), (20, ["unlike_test"])])
    def test_a_test_loss_of_three_times_the_train_loss_is_unlike_test(self, ratio, found):
        case = curve([1] * 21, [ratio] * 20)
        assert [finding.label for finding in findings(case, "converged")] == found
        assert findings(case, "learning") == ()

    @pytest.mark.parametrize(("last", "best_test", "found"), [(1.09, 9, 0), (1.12, 9, 1), (1.4, 9, 1), (1.4, 1.05, 0)])
    def test_overfitting_is_a_tenth_more_test_loss_that_the_best_line_has_too(self, last, best_test, found):
        case = curve(np.linspace(2, 1, 41), [2.0] * 10 + [1.0] + [last] * 29, best_test=best_test)
        assert [finding.label for finding in findings(case, "learning")] == ["overfitting"] * found

    def test_a_growing_train_loss_or_a_recent_rise_is_not_overfitting(self):
        test = [2.0] * 10 + [1.0] + [1.4] * 29
        assert findings(curve(np.linspace(1, 2, 41), test), "learning") == ()
        assert findings(curve(np.linspace(2, 1, 41), [2.0] * 37 + [1.0, 1.4, 1.4]), "learning") == ()


class TestSwings:
    @pytest.mark.parametrize(("last", "sinks"), [(0.8, False), (0.4, True)])
    def test_losses_sink_only_if_the_second_half_is_lower_by_an_eighth(self, last, sinks):
        losses = np.append(np.full(70, 1.0), np.full(10, last)) + 0.001 * (-1.0) ** np.arange(80)
        assert curve(losses, losses[1:]).as_batch.sinks == sinks

    def test_swings_that_will_die_away_are_learning_although_they_do_not_sink_yet(self):
        points = {"weight": 0.49, "bias": -0.68, "start": 1, "end": 3, "step": 0.05, "noise": 0.02, "seed": 405}
        case = record_of(**points, model="parameter", loss="huber", momentum=0.99, lr=0.331, epochs=100)
        assert case.as_batch.oscillates
        assert not case.as_batch.sinks
        assert outlook.oscillation_decays(case.as_batch)
        run = wb.Run(case.config)
        run.finish()
        assert wb.diagnose(run.history, run.config).label == "learning"
        run.extend(3000)
        run.finish()
        assert wb.diagnose(run.history, run.config).label == "converged"

    def test_a_run_above_the_limit_has_not_converged(self):
        """It starts close to the best line along the steepest direction, and that distance grows."""
        config = wb.LinearConfig(loss="mse", lr=0.865, epochs=200)
        limits = limits_of(config)
        away = limits.directions @ [0.5, 1e-5]
        run = wb.Run(config, start={"weight": limits.best.weight + away[0], "bias": limits.best.bias + away[1]})
        run.finish()
        assert limits.loss_at(**run.line) - limits.best.loss < limits.tolerance
        assert wb.diagnose(run.history, config).label != "converged"
        run.extend(3000)
        run.finish()
        assert wb.diagnose(run.history, config, diverged_at=run.diverged_at).label == "exploding"


@pytest.mark.parametrize("start", [(5.0, -5.0), (0.34, 0.13), (50.0, -50.0)])
def test_momentum_lengthens_the_outlook(start):
    config = wb.LinearConfig(loss="huber", momentum=0.99, lr=0.1)
    limits, line = limits_of(config), np.array(start)
    run = wb.Run(config, start={"weight": start[0], "bias": start[1]})
    run.extend(4000)
    run.finish()
    above = np.flatnonzero(np.array(run.history.column("train_loss")) - limits.best.loss > limits.tolerance)
    assert outlook.epochs_to_go(config, limits, line, line) == pytest.approx(above[-1] + 1, rel=0.15)


class TestAdvice:
    @pytest.mark.parametrize(("momentum", "then"), [(0.99, 0.9), (0.95, 0.9), (0.9, 0.5), (0.8, 0.5)])
    def test_below_half_the_limit_bouncing_is_answered_with_less_momentum(self, momentum, then):
        found = suggest("bouncing", record_of(loss="huber", momentum=momentum, lr=0.3))
        assert found is not None
        assert found.changes["momentum"] == then
        assert "lr" not in found.changes

    def test_with_little_momentum_bouncing_is_answered_with_a_lower_learning_rate(self):
        found = suggest("bouncing", record_of(loss="huber", momentum=0.5, lr=0.3))
        assert found is not None
        assert found.changes["lr"] < 0.3
        assert "momentum" not in found.changes

    def test_a_suggested_learning_rate_converges_within_the_offered_epochs(self):
        case = record_of(line={"weight": 50.0, "bias": 5000.0}, lr=10.0, epochs=2000)
        found = suggest("bouncing", case)
        assert found is not None
        way = outlook.descent(case.limits, case.lines[0])
        assert way / 10 > 100  # a thousandth of the learning rate would take more epochs than are offered
        assert found.changes["lr"] * 50_000 >= 0.8 * way

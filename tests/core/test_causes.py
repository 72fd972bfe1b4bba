"""What `diagnose` says besides the label: whether the fit is good, why it is not, and what the points allow."""

import dataclasses

import numpy as np
import pytest

import wb_core as wb
from tests.core import plain
from wb_core.kinds.line.diagnosis.causes import causes
from wb_core.kinds.line.diagnosis.evidence import TrainingCurve
from wb_core.kinds.line.diagnosis.trial import Trial


def of(*, advise=False, **settings):
    run = wb.Run(wb.LinearConfig(**settings))
    run.finish()
    return wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, advise=advise)


def limits_of(config):
    return wb.limits_of(plain.line_data(config), config.loss)


class TestGood:
    @pytest.mark.parametrize(
        "settings", [{"epochs": 200}, {"noise": 0.1, "lr": 0.25}, {"momentum": 0.9, "epochs": 300}]
    )
    def test_a_bouncing_line_that_looks_like_the_best_one_is_good(self, settings):
        found = of(**settings)
        assert found.label == "bouncing"
        assert found.good

    @pytest.mark.parametrize("settings", [{"lr": 0.5}, {"lr": 0.0001}, {"loss": "mse", "lr": 1.0}, {}])
    def test_a_line_that_looks_wrong_is_not_good(self, settings):
        assert not of(**settings).good

    def test_two_lines_look_the_same_if_they_are_within_a_sixtieth_of_the_height_of_the_points(self):
        limits = limits_of(wb.LinearConfig())  # y from 0.3 to 0.986
        lines = [(limits.best.weight, limits.best.bias + higher) for higher in (0, 0.010, 0.011)]
        assert limits.look_best(lines).tolist() == [True, True, False]


class TestCauses:
    @pytest.mark.parametrize(
        ("settings", "cause"),
        [
            ({"start": 4.0, "end": 5.0}, "x_far"),
            ({"start": -4.0, "end": -2.0, "step": 0.05, "loss": "mse", "lr": 0.01}, "x_far"),
            ({"start": -5.0, "end": 5.0, "step": 0.25, "lr": 0.05}, "x_wide"),
            ({"loss": "mse", "momentum": 0.99, "lr": 0.1}, "momentum"),
            ({"lr": 0.05, "momentum": 0.9, "epochs": 300}, "momentum"),
            ({"lr": 0.5}, None),
            ({"momentum": 0.9, "lr": 0.0001}, None),  # it does not swing
        ],
    )
    def test_the_cause_is_named(self, settings, cause):
        found = [one.label for one in of(**settings).causes if not one.label.startswith("test_")]
        assert found == ([cause] if cause else [])

    @pytest.mark.parametrize(
        "settings", [{"start": 4.0, "end": 5.0}, {"start": -5.0, "end": 5.0, "step": 0.25, "lr": 0.05}]
    )
    def test_the_length_of_the_valley_is_that_of_its_ellipses(self, settings):
        [cause] = of(**settings).causes[:1]
        X = plain.line_data(wb.LinearConfig(**settings)).X_train.double().numpy()
        longest, shortest = np.linalg.svd(np.hstack([X, np.ones_like(X)]))[1]
        assert cause.evidence["valley"] == pytest.approx(longest / shortest)

    def test_adam_that_leaves_again_is_named_and_the_calm_epochs_are_not_called_bouncing(self):
        losses = np.concatenate([np.geomspace(1, 1e-6, 50), np.full(900, 1e-6), [0.2, 0.5, 0.1, 0.4, 0.1, 0.3]])
        config = wb.LinearConfig(loss="mse", optimizer="adam", lr=1.0)
        limits = dataclasses.replace(limits_of(config), tolerance=1e-5)
        lines = np.full((len(losses) - 1, 2), 9.0)
        curve = TrainingCurve(config, limits, losses, losses[1:], lines, lines)
        [cause] = causes(curve, "bouncing")
        assert cause.label == "adam_left"
        assert cause.evidence["left"] == 950
        assert curve.band[0] == 950

    @pytest.mark.parametrize(("test", "cause"), [(0.5, "test_easier"), (1.0, "test_later"), (1.9, None), (3.0, None)])
    def test_a_test_loss_below_the_train_loss_is_explained(self, test, cause):
        """The train loss falls from 2 to 1 in the last step; the test loss is that after it."""
        config = wb.LinearConfig(loss="mse")
        limits = dataclasses.replace(limits_of(config), tolerance=1e-9)
        lines = np.full((20, 2), 9.0)
        curve = TrainingCurve(config, limits, np.array([2.0] * 20 + [1.0]), np.full(20, test), lines, lines)
        assert [one.label for one in causes(curve, "learning")] == ([cause] if cause else [])


def test_one_training_point_does_not_determine_a_line():
    found = of(train_fraction=0.1, step=0.25, epochs=20, advise=True)
    assert [finding.label for finding in found.findings] == ["one_point"]
    assert found.suggestion == wb.Suggestion({"train_fraction": 0.8})


def test_rounding_is_not_called_bouncing():
    """In the narrow valley of an X far from 0, rounding shakes the gradients."""
    assert of(loss="mse", start=4.9, end=5.0, step=0.005, lr=0.01, epochs=2000).label == "too_slow"


class TestNumbers:
    def test_an_estimate_that_does_not_come_true_is_not_given(self):
        evidence = of().evidence  # L1 ends up bouncing above the tolerance
        assert "more" not in evidence
        longer = wb.Run(wb.LinearConfig(epochs=100 + round(evidence["near"]) + 1))
        longer.finish()
        assert limits_of(longer.config).look_best([tuple(longer.line.values())]).all()

    @pytest.mark.parametrize("loss", plain.LOSSES)
    @pytest.mark.parametrize("way", [{}, {"momentum": 0.9}, {"optimizer": "adam"}], ids=str)
    def test_a_trial_has_the_numbers_of_pytorch(self, loss, way):
        run = wb.Run(wb.LinearConfig(loss=loss, noise=0.2, weight=2.0, lr=0.02, epochs=60, **way))
        run.finish()
        trial = Trial(run.config, limits_of(run.config))
        trial.advance(60)
        assert trial.losses == pytest.approx(list(run.history.column("train_loss")), rel=1e-3)
        half = wb.Run(run.config)
        half.advance(epochs=30)
        resumed = Trial.resumed(TrainingCurve.read(half.history, half.config, limits_of(half.config)))
        resumed.advance(30)
        assert resumed.losses == pytest.approx(trial.losses[30:], rel=1e-3)


def test_advice_for_a_line_that_looks_right_leaves_the_points_alone_and_arrives():
    settings = {"start": 4.0, "end": 5.0, "lr": 0.0001, "epochs": 5000}
    found = of(advise=True, **settings)
    assert found.good
    assert found.suggestion.changes.keys() <= {"optimizer", "lr", "momentum", "epochs"}
    assert of(**settings | dict(found.suggestion.changes)).label in ("converged", "optimum")


def test_a_line_that_looks_right_gets_no_advice_if_only_other_points_would_help():
    found = of(advise=True, loss="mse", start=4.9, end=5.0, step=0.005, lr=0.01)
    assert (found.good, found.suggestion) == (True, None)


def test_overfitting_is_answered_with_more_points_and_not_with_more_epochs():
    found = of(noise=0.3, train_fraction=0.1, loss="mse", lr=0.1, epochs=500, advise=True)
    assert [finding.label for finding in found.findings] == ["overfitting"]
    assert found.suggestion == wb.Suggestion({"train_fraction": 0.8})


YEARS = tuple((2000.0 + year, 3.0 * year - 40 + (year * 7 % 5)) for year in range(25))
PRICES = tuple((60.0 + 5 * (n % 12), 5e6 * (60 + 5 * (n % 12)) + 1e7 * (n * 7 % 11)) for n in range(40))


class TestScale:
    """Points far from 0, or of a size that no learning rate fits, are to be standardised."""

    @pytest.mark.parametrize("training", [{}, {"loss": "mse"}, {"loss": "huber", "optimizer": "adam"}])
    @pytest.mark.parametrize(
        "data",
        [
            {"start": 4.0, "end": 5.0, "lr": 0.05},
            {"points": YEARS},
            {"points": PRICES},
        ],
        ids=["a line", "years", "prices"],
    )
    def test_standardising_is_the_advice_and_it_arrives(self, data, training):
        config = wb.LinearConfig(**data, **training)
        run = wb.Run(config)
        run.finish()
        found = wb.diagnose(run.history, config, diverged_at=run.diverged_at)
        assert found.causes[0].label == "x_far"
        assert found.suggestion.changes["standardise"] is True
        better = dataclasses.replace(config, **found.suggestion.changes)
        after = wb.Run(better)
        after.finish()
        found = wb.diagnose(after.history, better)
        assert found.label == "converged"
        assert not {"x_far", "x_wide"} & {cause.label for cause in found.causes}

    def test_small_points_are_scaled_too(self):
        found = of(advise=True, points=[(n / 1000, n / 200 + 1) for n in range(60)], loss="mse")
        assert found.suggestion.changes["standardise"] is True

    def test_points_of_a_usual_size_are_left_as_they_are(self):
        points = [(n / 50, 0.7 * n / 50 + 0.3 + (n * 7 % 5) / 100) for n in range(50)]
        assert "standardise" not in of(advise=True, points=points, loss="mse").suggestion.changes

    def test_ten_thousand_points_are_diagnosed(self):
        points = [(n % 97 + 0.5, 3.0 * (n % 97) + n % 13) for n in range(10_000)]
        for loss in ("l1", "mse", "huber"):
            assert of(advise=True, points=points, loss=loss, epochs=20).suggestion

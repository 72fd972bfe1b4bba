"""The advice of `diagnose`, followed as on the page until nothing is left to advise, from random settings."""

import dataclasses
import math
import random
from collections.abc import Iterator

import numpy as np
import pytest

import wb_core as wb
from tests.runs import Recorded, Training, finished
from wb_core.base.fields import log_stops

CLICKS = 6
THERE = ("converged", "optimum")
RANGES = (
    *[(0, 1, 0.02)] * 3,
    (0, 1, 0.1),
    (0, 1, 0.25),
    (-1, 1, 0.05),
    (0, 5, 0.1),
    (-5, 5, 0.25),
    (2, 3, 0.02),
    (4, 5, 0.02),
    (-4, -2, 0.05),
    (-0.1, 0.1, 0.005),
)


def draw(chance: random.Random) -> wb.LinearConfig:
    """Settings as a beginner may leave them, all of them offered by the controls."""
    start, end, step = chance.choice(RANGES)
    optimizer = chance.choice(["sgd", "sgd", "momentum", "adam"])
    return wb.LinearConfig(
        weight=round(chance.uniform(-2, 2), 2),
        bias=round(chance.uniform(-2, 2), 2),
        start=start,
        end=end,
        step=step,
        noise=chance.choice([0, 0, 0.01, 0.05, 0.1, 0.2, 0.5]),
        train_fraction=chance.choice([0.1, 0.2, 0.5, 0.8, 0.8, 0.8, 0.9]),
        model=chance.choice(["parameter", "linear"]),
        loss=chance.choice(["l1", "l1", "mse", "mse", "huber"]),
        optimizer="adam" if optimizer == "adam" else "sgd",
        momentum=chance.choice([0.5, 0.8, 0.9, 0.95, 0.99]) if optimizer == "momentum" else 0,
        lr=chance.choice(log_stops(1e-4, 1)),
        epochs=chance.choice([1, 5, 10, 20, 50, 100, 100, 200, 500, 1000, 2000, 5000]),
        seed=chance.randrange(10_000),
    )


def followed(config: wb.LinearConfig) -> Iterator[tuple[Training, Recorded, wb.Diagnosis]]:
    """The runs that the page shows one after the other, and their diagnoses, as long as there is advice to follow."""
    training = Training(config)
    run = training.after(config.epochs)
    for _ in range(CLICKS + 1):
        # A new training has as many epochs as the run has had, with those that the advice to continue has added.
        asked = dataclasses.replace(run.config, epochs=min(max(config.epochs, run.epoch), 5000))
        found = wb.diagnose(run.history, asked, diverged_at=run.diverged_at)
        yield training, run, found
        if found.suggestion is None:
            return
        if found.suggestion.resume:
            run = training.after(run.epoch + found.suggestion.changes["epochs"])
        else:
            config = dataclasses.replace(asked, **found.suggestion.changes)
            assert config != asked, "advice that one already follows"
            training = Training(config)
            run = training.after(config.epochs)


def assert_true(training: Training, run: Recorded, found: wb.Diagnosis) -> None:
    """What the diagnosis says of the future comes true, within a factor of three."""
    said = {name: value for name, value in found.evidence.items() if name in ("more", "near")}
    if found.label not in ("learning", "too_slow") or not said or max(said.values()) > 2000:
        return
    [(name, epochs)] = said.items()
    limits = wb.limits_of(run.data, run.config.loss)
    longer = training.after(run.epoch + math.ceil(3 * epochs) + 100)
    columns = longer.history.column
    if name == "more":
        there = np.array(columns("train_loss")) - limits.best.loss <= limits.tolerance
    else:
        there = limits.look_best(np.stack([columns("weight"), columns("bias")], axis=1))
    [missing] = np.nonzero(~there[run.epoch :])
    real = missing[-1] + 1 if len(missing) else 0
    assert epochs / 3 - 20 <= real <= 3 * epochs + 20, (run.config, run.epoch, found)


@pytest.mark.parametrize(
    ("number", "seed"), [(8, 1), pytest.param(100, 2, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])]
)
def test_advice_arrives_within_six_clicks_without_circles_and_with_true_numbers(number, seed):
    """97 of 100 arrive at the best line, or at one that looks like it and needs no advice."""
    chance = random.Random(seed)
    lost = []
    for _ in range(number):
        path = []
        config = draw(chance)
        for training, run, found in followed(config):
            assert_true(training, run, found)
            path.append((run.config, run.epoch, found))
        settings = [(config, epoch) for config, epoch, found in path]
        assert len(set(settings)) == len(settings), f"a circle: {path}"
        if not (found.label in THERE or (found.good and found.suggestion is None)):
            lost.append(path)
    assert len(lost) <= 0.03 * number, lost


@pytest.mark.parametrize(
    "settings",
    [{"lr": 1e-4}, {"lr": 1e-3}, {"lr": 2e-4, "epochs": 5}, {"lr": 1e-4, "noise": 0.1}, {"lr": 1e-4, "epochs": 10}],
)
def test_advice_for_more_epochs_leads_past_no_run_that_bounces(settings):
    labels = [found.label for _training, _run, found in followed(wb.LinearConfig(**{"epochs": 1, **settings}))]
    assert labels == ["too_slow", "converged"]


def test_advice_for_a_run_from_a_checkpoint_can_be_tried_from_the_seed():
    """A new training starts there, as it does for whoever opens the link."""
    run = wb.Run(wb.LinearConfig(epochs=20, lr=0.5), start={"weight": 300.0, "bias": -300.0})
    run.finish()
    suggestion = wb.diagnose(run.history, run.config, from_seed=True).suggestion
    assert suggestion is not None
    assert not suggestion.resume
    again = finished(dataclasses.replace(run.config, **suggestion.changes))
    assert wb.diagnose(again.history, again.config).label in THERE

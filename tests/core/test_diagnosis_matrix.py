"""`diagnose` against the truth, on randomly drawn runs, with none left out.

The truth is in `reference_diagnosis.py`: theory for MSE under SGD, longer runs for the rest.
Where rounding decides how a run ends, the longer run is the recorded one itself, continued.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import pytest

import wb_core as wb
from tests.core import reference_diagnosis
from tests.runs import Training

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 3)
CONFIGS = 100  # by each seed
EPOCHS = (1, 10, 30, 100, 100, 200, 200, 300, 500, 1000)
RANGES = ((0, 1, 0.02), (0, 1, 0.02), (0, 1, 0.02), (-2, 2, 0.1), (1, 3, 0.05), (-5, 5, 0.2))


def draw(chance: random.Random) -> wb.LinearConfig:
    """Random losses, optimizers, learning rates from 1e-5 to 10, noise, epochs, momentum, data and start."""
    optimizer = chance.choice(["sgd", "sgd", "momentum", "adam"])
    start, end, step = chance.choice(RANGES)
    return wb.LinearConfig(
        weight=round(chance.uniform(-2, 2), 2),
        bias=round(chance.uniform(-2, 2), 2),
        start=start,
        end=end,
        step=step,
        noise=chance.choice([0, 0, 0.02, 0.1, 0.3]),
        model=chance.choice(["parameter", "linear"]),
        loss=chance.choice(["l1", "mse", "huber"]),
        optimizer="adam" if optimizer == "adam" else "sgd",
        momentum=chance.choice([0.5, 0.8, 0.9, 0.95, 0.99]) if optimizer == "momentum" else 0,
        lr=float(f"{10 ** chance.uniform(-5, 1):.3g}"),
        epochs=chance.choice(EPOCHS),
        seed=chance.randrange(1000),
    )


@dataclass(frozen=True)
class Case:
    """A config, the seed that drew it, its true label, and the diagnosis of a real run."""

    seed: int
    config: wb.LinearConfig
    truth: str
    diagnosis: wb.Diagnosis

    @property
    def wrong(self) -> bool:
        return self.truth != self.diagnosis.label


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    together = defaultdict(list)
    for seed in SEEDS:
        chance = random.Random(seed)
        for _ in range(CONFIGS):
            config = draw(chance)
            together[reference_diagnosis.horizon(config)].append((seed, config))
    found = []
    for epochs, group in together.items():
        with np.errstate(all="ignore"):  # what explodes ends up infinite
            again = reference_diagnosis.simulate([config for _, config in group], epochs)
        for i, (seed, config) in enumerate(group):
            training = Training(config)
            run = training.after(config.epochs)
            diagnosis = wb.diagnose(run.history, config, diverged_at=run.diverged_at)
            losses, gradients = again.losses[:, i], again.gradients[:, i]
            if run.diverged_at is None and not reference_diagnosis.same_end(config, losses, run.history):
                losses, gradients = reference_diagnosis.continued(training, epochs)
            with np.errstate(all="ignore"):
                found.append(Case(seed, config, reference_diagnosis.truth(config, losses, gradients), diagnosis))
    return found


def test_98_of_100_diagnoses_are_right(cases):
    wrong = [case for case in cases if case.wrong]
    assert len(wrong) <= 0.02 * len(cases), "\n".join(map(str, wrong))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_run_is_wrongly_called_converged(cases, seed):
    said = [case for case in cases if case.seed == seed and case.diagnosis.label == "converged"]
    assert len(said) > 5
    assert [case for case in said if case.wrong] == []


def test_the_matrix_has_runs_with_every_label(cases):
    labels = Counter(case.truth for case in cases)
    assert min(labels[label] for label in ("learning", "converged", "too_slow", "bouncing", "exploding")) >= 15, labels
    assert len({case.config for case in cases}) == len(SEEDS) * CONFIGS


def test_only_mse_with_sgd_explodes(cases):
    for case in cases:
        if case.diagnosis.label == "exploding":
            assert (case.config.loss, case.config.optimizer) == ("mse", "sgd")
            assert case.config.lr > case.diagnosis.evidence["limit"]


def test_the_learning_rate_limit_is_where_theory_says_that_steps_grow(cases):
    for case in cases:
        config, evidence = case.config, case.diagnosis.evidence
        if config.loss == "mse" and config.optimizer == "sgd" and "limit" in evidence:
            assert reference_diagnosis.grows(config) == (config.lr > evidence["limit"]), case


def test_the_predicted_epochs_are_those_of_a_longer_run(cases):
    """Exact for MSE under SGD; for L1 and Huber within a factor of two in nine of ten runs."""
    together = defaultdict(list)
    for case in cases:
        config, more = case.config, case.diagnosis.evidence.get("more", 0)
        if 20 < more < 6000 and config.optimizer == "sgd" and not config.momentum and case.truth != "bouncing":
            together[2 ** int(np.ceil(np.log2(config.epochs + 2.5 * more)))].append((config, more))
    exact, rough = [], []
    for epochs, group in together.items():
        runs = reference_diagnosis.simulate([config for config, _ in group], epochs)
        for (config, more), losses in zip(group, runs.losses.T, strict=True):
            least, enough = reference_diagnosis.best(config)
            above = np.flatnonzero(losses - least > enough)
            if above[-1] + 1 < len(losses):  # and it does not bounce above the best forever
                (exact if config.loss == "mse" else rough).append(more / (above[-1] + 1 - config.epochs))
    assert len(exact) > 15
    assert np.abs(np.array(exact) - 1).max() < 0.02
    assert len(rough) > 15
    assert np.mean([0.5 < ratio < 2 for ratio in rough]) > 0.9

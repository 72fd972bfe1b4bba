"""The diagnosis of runs on points, against labels that experiments give."""

import collections
import itertools

import pytest

import wb_core as wb
from tests.core.plane_oracle import course
from tests.core.reference_points import reference, trained

ADAM = {"optimizer": "adam", "lr": 0.02, "epochs": 200, "points": 100, "hidden": (8, 8)}
FAMILIES = [
    {**ADAM, "data": "circles"},
    {**ADAM, "data": "moons", "noise": 0.15, "activation": "tanh"},
    {**ADAM, "data": "xor", "points": 400, "noise": 0.0, "lr": 0.05, "activation": "tanh", "epochs": 120},
    {**ADAM, "data": "blobs", "classes": 3, "noise": 1.0, "hidden": ()},
    {**ADAM, "data": "blobs", "classes": 4, "noise": 1.5, "batch_size": 16, "epochs": 60},
    {**ADAM, "data": "moons", "noise": 0.2, "dropout": 0.1, "hidden": (16,)},
    {**ADAM, "data": "moons", "noise": 0.1, "features": ("x1", "x2", "sin_x1"), "hidden": (6,), "lr": 0.05},
    {**ADAM, "data": "moons", "noise": 0.45, "points": 30, "hidden": (16, 16), "lr": 0.05, "epochs": 400},
    {**ADAM, "data": "circles", "noise": 0.3, "points": 40, "hidden": (16, 16), "lr": 0.05, "epochs": 400},
    {
        **ADAM,
        "data": "xor",
        "noise": 0.4,
        "points": 40,
        "hidden": (16, 16),
        "lr": 0.05,
        "activation": "tanh",
        "epochs": 400,
    },
    {"data": "circles", "points": 100, "lr": 0.01, "epochs": 100},
    {"data": "moons", "points": 100, "noise": 0.05, "lr": 0.003, "epochs": 100, "activation": "tanh"},
    {"data": "spirals", "points": 100, "lr": 0.1, "epochs": 150, "hidden": (16, 16)},
    {**ADAM, "data": "xor", "lr": 0.0005, "hidden": (8,)},
    {**ADAM, "data": "xor", "hidden": ()},
    {**ADAM, "data": "circles", "hidden": (8, 8), "activation": "none"},
    {**ADAM, "data": "circles", "hidden": (2,), "activation": "tanh", "epochs": 500},
    {**ADAM, "data": "spirals", "hidden": (2,), "activation": "tanh", "epochs": 500, "lr": 0.05},
    {**ADAM, "data": "circles", "weight_decay": 0.3},
    {**ADAM, "data": "moons", "noise": 0.1, "weight_decay": 1.0, "activation": "tanh"},
    {"data": "circles", "points": 100, "lr": 0.3, "weight_decay": 0.3, "epochs": 300},
    {**ADAM, "data": "circles", "dropout": 0.8},
    {**ADAM, "data": "circles", "lr": 2.0},
    {**ADAM, "data": "moons", "noise": 0.05, "lr": 1.0, "activation": "tanh"},
    {"data": "circles", "points": 100, "lr": 10.0, "momentum": 0.9, "epochs": 150, "activation": "tanh"},
    {"data": "xor", "points": 100, "lr": 20.0, "epochs": 150, "activation": "tanh"},
    {"data": "xor", "points": 100, "lr": 0.5, "momentum": 0.95, "epochs": 150},
    {"data": "circles", "points": 100, "lr": 30.0, "epochs": 150},
    {"data": "circles", "points": 100, "lr": 300.0, "epochs": 100},
    {"data": "moons", "points": 100, "lr": 1000.0, "activation": "none", "weight_decay": 1.0, "epochs": 80},
    {"data": "blobs", "points": 100, "classes": 3, "lr": 1000.0, "weight_decay": 5.0, "hidden": (), "epochs": 100},
]

SEEDS = 5


@pytest.mark.slow
def test_at_least_95_of_100_labels_are_those_that_experiments_give():
    wrong, counts = [], collections.Counter()
    families = [trained(*(course(**settings, seed=seed) for seed in range(SEEDS))) for settings in FAMILIES]
    for run in itertools.chain.from_iterable(families):
        expected = reference(run)
        found = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, parameters=run.parameters)
        counts[expected] += 1
        if found.label != expected:
            wrong.append((expected, found.label, dict(found.evidence), run.config))
    assert counts.total() >= 120
    assert len(wrong) <= 0.05 * counts.total(), wrong
    assert set(counts) == set(wb.KINDS["points"].diagnoses)

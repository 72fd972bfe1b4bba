"""Sweeps and neighbours of points in the plane: each run has the bits and the diagnosis that it has alone."""

import dataclasses
import itertools

import numpy as np
import pytest

import wb_core as wb
from tests.core.plane_oracle import course
from tests.runs import finished

SMALL = course(points=60, hidden=(4,), epochs=12)
MOONS = dataclasses.replace(SMALL, data="moons", noise=0.1, optimizer="adam", activation="tanh")
OWN = dataclasses.replace(
    SMALL, data="own", own=tuple((x1, x2, int(x1 * x2 > 0)) for x1, x2 in itertools.product((-2, -1, 1, 3), repeat=2))
)

AXES = {
    "lr": [0.01, 0.3],
    "activation": ["relu", "tanh", "none"],
    "dropout": [0.0, 0.3],
    "batch_size": [0, 16],
    "optimizer": ["sgd", "adam"],
    "momentum": [0.0, 0.9],
    "weight_decay": [0.0, 0.01, 0.1],
    "epochs": [3, 12],
    "seed": [1, 2],
    "points": [60, 61],
    "noise": [0.0, 0.2],
    "train_fraction": [0.5, 0.8],
}


def same(result: wb.SweepResult, number: int) -> None:
    """Compare the row of a run with the run itself."""
    row, run = result.frame().iloc[number], finished(result.config(number))
    frame = run.history.frame()
    for metric in wb.kind_of(run.config).metrics:
        best = frame[metric.name].max() if metric.higher_is_better else frame[metric.name].min()
        assert (row[f"final_{metric.name}"], row[f"best_{metric.name}"]) == (frame[metric.name].iloc[-1], best)
    assert row.best_epoch == frame.test_accuracy.idxmax()
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, parameters=run.parameters)
    assert (row.diagnosis, row.good) == (diagnosis.label, diagnosis.label == "learned")
    assert row.diverged_at == (-1 if run.diverged_at is None else run.diverged_at)


def test_every_setting_of_a_sweep_is_tried():
    assert set(AXES) == set(wb.KINDS["points"].sweepable)


@pytest.mark.parametrize(
    ("config", "name"),
    [*((SMALL, name) for name in AXES if name != "lr"), (MOONS, "weight_decay"), (MOONS, "seed"), (OWN, "seed")],
)
def test_every_run_of_a_sweep_has_the_numbers_of_its_config(config, name):
    result = wb.sweep(config, lr=AXES["lr"], **{name: AXES[name]})
    assert len(result) == 2 * len(AXES[name])
    for number in range(len(result)):
        same(result, number)


def test_runs_that_diverge_affect_no_others_in_a_batch_or_alone():
    config = dataclasses.replace(SMALL, activation="none", epochs=40, weight_decay=1.0)
    result = wb.sweep(config, lr=[0.1, 1000.0], batch_size=[0, 16])
    assert (result.frame().diverged_at >= 0).tolist() == [False, False, True, True]
    for number in range(4):
        same(result, number)


def test_a_sweep_of_points_advances_in_pieces():
    work = wb.Sweep(SMALL, lr=[0.01, 0.1], batch_size=[0, 1], epochs=[3, 12])
    seen = []
    while not work.done:
        work.advance(0)
        seen.append(work.progress)
    assert (seen == sorted(seen), seen[-1]) == (True, 1.0)


def test_a_sweep_of_too_many_steps_is_refused_with_its_size():
    for axes in ({"batch_size": [0, 1]}, {"lr": [0.1, 0.2]}):
        with pytest.raises(wb.ConfigError) as caught:
            wb.sweep(wb.PointsConfig(points=1000, epochs=2_000, batch_size=1), **axes)
        assert caught.value.code == "sweep.too_many_steps"
        assert caught.value.values["arithmetic"] == "2 × 2,000 × 800 = 3,200,000"


def same_as_its_run(found: wb.Neighbours, config: wb.PointsConfig, row: int) -> None:
    run = finished(dataclasses.replace(config, **{found.field: found.values[row]}))
    shown = found.epochs[: found.lengths[row]]
    assert len(shown) == np.sum(found.epochs < run.epoch)
    assert found.diverged_at[row] == (-1 if run.diverged_at is None else run.diverged_at)
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, parameters=run.parameters)
    assert (found.labels[row], found.good[row]) == (diagnosis.label, diagnosis.label == "learned")
    for name in run.columns:
        numbers = np.asarray(run.history.column(name))[shown].astype(np.float32)
        assert found.columns[name][row, : len(shown)].tolist() == numbers.tolist()
    assert np.array_equal(found.columns["parameters"][row, : len(shown)], run.parameters.numpy()[shown])


@pytest.mark.parametrize("field", ["lr", "weight_decay", "momentum", "noise", "points", "train_fraction", "epochs"])
@pytest.mark.parametrize("config", [SMALL, dataclasses.replace(SMALL, data="blobs", classes=3)], ids=["two", "three"])
def test_every_stop_has_the_bits_and_the_diagnosis_of_its_run(config, field):
    stops = {"points": [20, 50], "epochs": [5, 9, 12]}.get(field, AXES[field])
    found = wb.neighbours(config, field, stops)
    assert found.values == tuple(stops)
    for row in range(len(stops)):
        same_as_its_run(found, config, row)


def test_neighbours_that_explode_end_where_their_numbers_do():
    config = dataclasses.replace(SMALL, activation="none", epochs=40, weight_decay=1.0)
    found = wb.neighbours(config, "lr", [0.1, 1000.0])
    assert found.labels[1] == "exploding"
    for row in range(2):
        same_as_its_run(found, config, row)


@pytest.mark.parametrize(("hidden", "shown"), [((8, 8), 57), ((16,) * 4, 20), ((), 200)])
def test_neighbours_of_a_large_network_show_fewer_epochs_with_exact_ends(hidden, shown):
    config = dataclasses.replace(SMALL, hidden=hidden, epochs=333)
    found = wb.neighbours(config, "weight_decay", [0.0, 0.01])
    assert (len(found.epochs), found.epochs[0], found.epochs[-1]) == (shown, 0, 332)
    same_as_its_run(found, config, 1)


@pytest.mark.parametrize("more", [{"batch_size": 8}, {"dropout": 0.1}])
def test_runs_with_random_steps_have_no_neighbours(more):
    with pytest.raises(wb.ConfigError) as error:
        wb.neighbours(dataclasses.replace(SMALL, **more), "lr")
    assert error.value.code == "neighbours.no_batch"


def test_a_setting_that_changes_the_network_has_no_neighbours():
    with pytest.raises(wb.ConfigError) as error:
        wb.neighbours(dataclasses.replace(SMALL, data="blobs"), "classes")
    assert error.value.code == "neighbours.no_field"

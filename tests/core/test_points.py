"""Runs on points in the plane: plain PyTorch is the oracle, for every bit."""

import dataclasses
import itertools
import random

import numpy as np
import pytest
import torch

import wb_core as wb
from tests.core.exported import assert_same_bits, execute, saved_by
from tests.core.plane_oracle import course, plain_run
from tests.width import cases
from wb_core.kinds.points.batch import Batch
from wb_core.kinds.points.batching import alike
from wb_core.kinds.points.data import points_data
from wb_core.kinds.points.export import points_csv

OWN = tuple((x1, x2, int((x1 > 0) == (x2 > 0))) for x1, x2 in itertools.product((-2.0, -1.0, 1.0, 2.5), repeat=2))
THREE = tuple((x1, x2, n % 3) for n, (x1, x2, _) in enumerate(OWN))

SETTINGS = [
    {},
    {"data": "moons", "noise": 0.2, "activation": "tanh", "hidden": (8, 8), "optimizer": "adam", "weight_decay": 0.01},
    {"data": "xor", "points": 200, "batch_size": 16, "hidden": (4,), "momentum": 0.9},
    {"data": "spirals", "dropout": 0.3, "hidden": (16, 16, 8, 4), "activation": "sigmoid"},
    {"data": "blobs", "classes": 3, "noise": 1.0, "batch_size": 32, "dropout": 0.5},
    {"data": "blobs", "classes": 4, "noise": 1.5, "hidden": (), "features": ("x1", "x2", "sin_x1", "x1_x2")},
    {"data": "own", "own": OWN, "hidden": (3,), "weight_decay": 0.1},
    {"data": "own", "own": THREE, "activation": "none", "batch_size": 1},
]
every_setting = pytest.mark.parametrize("settings", SETTINGS, ids=lambda one: "-".join(one) or "defaults")


def finished(config):
    run = wb.Run(config)
    run.finish()
    return run


@every_setting
def test_every_epoch_is_that_of_plain_pytorch(settings):
    config = course(**settings, epochs=20)
    run = finished(config)
    rows, parameters = zip(*plain_run(config, run.data, 20), strict=True)
    assert [tuple(run.history.row(epoch).values()) for epoch in range(20)] == list(rows)
    assert torch.equal(run.parameters, torch.stack(parameters))


@every_setting
def test_a_run_that_is_paused_after_every_batch_has_the_same_bits(settings):
    run = wb.Run(course(**settings, epochs=6))
    while not run.done:
        run.advance(batches=1)
        run.predict(torch.zeros(1, 2))
    assert torch.equal(run.parameters, finished(run.config).parameters)


def test_the_published_figures_of_circles_come_out_to_the_last_digit():
    run = finished(course(epochs=301))
    printed = {epoch: [round(value, 5) for value in run.history.row(epoch).values()] for epoch in (0, 100, 300)}
    assert printed == {
        0: [0.69295, 0.69319, 50.0, 50.0],
        100: [0.69115, 0.69102, 52.875, 52.5],
        300: [0.68795, 0.68723, 53.0, 56.0],
    }


def test_the_published_figures_of_blobs_come_out_to_the_last_digit():
    config = course(data="blobs", classes=4, noise=1.5, hidden=(8, 8), activation="none", epochs=1)
    assert [round(value, 5) for value in finished(config).history.row(0).values()] == [1.04324, 0.57861, 65.5, 95.5]


def random_configs(rng: random.Random) -> list[wb.PointsConfig]:
    """Five configs that can be one batch."""
    base = {
        "data": rng.choice(["circles", "moons", "xor", "blobs", "spirals"]),
        "points": rng.choice([8, 20, 50, 200, 1000]),
        "noise": rng.choice([0.0, 0.1, 0.5]),
        "classes": rng.choice([2, 3, 4]),
        "features": rng.choice([("x1", "x2"), ("x1",), ("x1", "x2", "x1_squared", "sin_x2")]),
        "hidden": tuple(rng.randint(1, 16) for _ in range(rng.randint(0, 4))),
        "activation": rng.choice(["none", "relu", "tanh", "sigmoid"]),
        "optimizer": rng.choice(["sgd", "adam"]),
        "train_fraction": rng.choice([0.5, 0.8]),
        "epochs": 12,
    }
    rolls, decays = rng.random() < 0.5, rng.random() < 0.5
    return [
        wb.PointsConfig(
            **base,
            seed=rng.randint(0, 3),
            lr=rng.choice([0.01, 0.1, 0.5, 1000.0]),
            momentum=rng.choice([0.5, 0.9]) if rolls else 0.0,
            weight_decay=rng.choice([0.001, 0.1]) if decays else 0.0,
        )
        for _ in range(5)
    ]


@pytest.mark.parametrize("seed", range(cases(20)))
def test_each_run_of_a_batch_has_the_bits_of_its_own_run(seed):
    configs = random_configs(random.Random(seed))
    assert len({alike(config) for config in configs}) == 1
    batch = Batch(configs, keep=range(1, 13))
    while not batch.done:
        batch.advance()
    for row, run in enumerate(map(finished, configs)):
        for place, name in enumerate(run.columns):
            assert batch.record[: run.epoch, place, row].tolist() == list(run.history.column(name)), (name, run.config)
        for epoch in range(run.epoch):
            [parameters] = batch.parameters(slice(row, row + 1), np.array([epoch + 1]))
            assert np.array_equal(parameters, run.parameters[epoch])


@pytest.mark.parametrize("settings", [{"batch_size": 8}, {"dropout": 0.1}])
def test_what_is_random_in_every_step_is_no_batch(settings):
    assert alike(wb.PointsConfig(**settings)) is None


@every_setting
def test_the_code_of_a_run_ends_with_its_bits(settings, tmp_path):
    config = course(**settings, epochs=11)
    names, printed = execute(wb.to_script(config), tmp_path)
    name, saved = saved_by(tmp_path)
    run = finished(config)
    assert_same_bits(saved, run.model.state_dict())
    assert name == wb.kind_of(config).checkpoint_name(config)
    row = run.history.row(10)
    assert f"Test loss: {row['test_loss']:.5f}, Test acc: {row['test_accuracy']:.2f}%" in printed
    assert names["test_loss_values"] == list(run.history.column("test_loss"))


@pytest.mark.parametrize("settings", [{}, {"data": "blobs", "classes": 3}, {"hidden": ()}, {"hidden": (16, 3, 1, 7)}])
def test_a_checkpoint_comes_back_and_its_config_is_found(settings):
    run = finished(course(**settings, epochs=3))
    other = wb.Run(dataclasses.replace(run.config, seed=7))
    file = wb.save_checkpoint(run)
    wb.load_checkpoint(file, into=other)
    X = torch.randn(50, 2)
    assert torch.equal(other.predict(X), run.predict(X))
    there = dataclasses.replace(run.config, hidden=(5,))
    assert wb.fitting_config(wb.read_checkpoint(file), there) == run.config
    with pytest.raises(wb.CheckpointError):
        wb.load_checkpoint(file, into=wb.Run(there))


def test_the_code_of_the_courses_models_has_their_names():
    blobs = course(data="blobs", classes=4, noise=1.5, hidden=(8, 8), activation="none")
    assert "class CircleModelV2(nn.Module)" in wb.to_script(course())
    assert "class BlobModel(nn.Module)" in wb.to_script(blobs)
    assert "class PointsModel(nn.Module)" in wb.to_script(wb.PointsConfig(hidden=(3,)))


def test_the_code_of_many_points_reads_them_from_a_file(tmp_path):
    config = wb.PointsConfig(data="own", own=[(n / 7, n % 5, n % 2) for n in range(201)], epochs=3)
    (tmp_path / "points.csv").write_text(points_csv(config), encoding="utf-8")
    execute(wb.to_script(config), tmp_path)
    assert_same_bits(saved_by(tmp_path)[1], finished(config).model.state_dict())


def test_a_diverging_run_goes_back_to_its_last_good_epoch(tmp_path):
    config = course(activation="none", lr=1000.0, weight_decay=1.0, epochs=40)
    run = finished(config)
    assert run.diverged_at == run.epoch < 40
    assert torch.equal(torch.cat([p.flatten() for p in run.model.parameters()]), run.parameters[-1])
    assert wb.diagnose(run.history, config, diverged_at=run.diverged_at).label == "exploding"
    execute(wb.to_script(config), tmp_path)
    assert_same_bits(saved_by(tmp_path)[1], run.model.state_dict())


def test_a_new_point_of_ones_own_changes_no_others_side():
    def train(points):
        return {tuple(point.tolist()) for point in points_data(wb.PointsConfig(data="own", own=points)).points_train}

    for count in range(8, len(OWN)):
        assert train(OWN[:count]) <= train(OWN[: count + 1]) or count < 5


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"hidden": (1,) * 99}, "config.hidden"),
        ({"hidden": (17,)}, "config.hidden"),
        ({"hidden": "88"}, "config.hidden"),
        ({"features": ()}, "config.not_a_choice"),
        ({"features": ("x3",)}, "config.not_a_choice"),
        ({"data": "own"}, "points.count"),
        ({"own": OWN}, "points.count"),
        ({"data": "own", "own": OWN[:2]}, "points.count"),
        ({"data": "own", "own": OWN * 700}, "points.count"),
        ({"data": "own", "own": [(0, 0, 0)] * 10}, "points.classes"),
        ({"data": "own", "own": [(0, 0, 0), (1, 1, 2)] * 5}, "points.classes"),
        ({"data": "own", "own": [*OWN, (0, float("nan"), 1)]}, "points.spot"),
        ({"data": "own", "own": [*OWN, (0, 1e300, 1)]}, "points.spot"),
        ({"data": "own", "own": [*OWN, (0, 1, 7)]}, "points.spot"),
        ({"dropout": 1.0}, "config.out_of_range"),
    ],
)
def test_a_value_that_is_not_allowed_is_named(settings, code):
    with pytest.raises(wb.ConfigError) as error:
        wb.PointsConfig(**settings)
    assert error.value.code == code


def test_settings_read_back_from_their_texts():
    config = wb.PointsConfig(data="own", own=OWN, hidden=(3, 16), features=("sin_x2", "x1"))
    for field in dataclasses.fields(config):
        spec = field.metadata["spec"]
        value = getattr(config, field.name)
        assert spec.check(field.name, spec.read(spec.text(value))) == value
    assert config.features == ("x1", "sin_x2")


MOONS = {"data": "moons", "optimizer": "adam", "lr": 0.02, "points": 200, "noise": 0.15}
DIAGNOSES = [
    ("learned", {**MOONS, "epochs": 300}),
    ("learned", {"data": "blobs", "classes": 4, "noise": 1.5, "hidden": (8, 8), "activation": "none"}),
    ("overfitting", {**MOONS, "points": 20, "noise": 0.4, "lr": 0.05, "hidden": (16, 16), "epochs": 600}),
    ("too_slow", {}),
    ("too_small", {"data": "xor", "hidden": (), "epochs": 500}),
    ("too_small", {"data": "spirals", "hidden": (2,), "optimizer": "adam", "lr": 0.02, "epochs": 1000}),
    ("over_regularised", {"weight_decay": 1.0, "epochs": 300}),
    ("over_regularised", {**MOONS, "dropout": 0.8, "hidden": (4, 4)}),
    ("bouncing", {"optimizer": "adam", "lr": 1.0, "epochs": 200}),
    ("dead_units", {"lr": 20.0, "epochs": 200}),
]


@pytest.mark.parametrize(("label", "settings"), DIAGNOSES)
def test_what_happened_is_named_with_one_thing_to_try(label, settings):
    config = course(**settings)
    run = finished(config)
    found = wb.diagnose(run.history, config, parameters=run.parameters)
    assert found.label == label, found
    assert all(isinstance(value, int | float) for value in found.evidence.values())
    assert (found.suggestion is None) == (label == "learned")
    if found.suggestion:
        assert dataclasses.replace(config, **found.suggestion.changes) != config


def test_dead_units_are_dated_to_the_epoch_in_which_they_died():
    run = finished(course(lr=20.0, epochs=60))
    found = wb.diagnose(run.history, run.config, parameters=run.parameters)
    layer, since = int(found.evidence["layer"]), int(found.evidence["since"])

    def outputs(epoch):
        model = run.fresh_model()
        torch.nn.utils.vector_to_parameters(run.parameters[epoch].clone(), model.parameters())
        x = run.data.X_train
        for place in range(layer):
            x = torch.relu(model.layers[place](x))
        return x.abs().max().item()

    assert outputs(since) == 0 < outputs(since - 1)

"""Points of one's own: what a config takes, how they are split and scaled; same config, same bits."""

import dataclasses
import json
import math
import pickle
import random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from tests.core import plain
from tests.core.exported import assert_same_bits, code_of, execute, saved_by
from tests.runs import finished
from wb_core.base.fields import specs
from wb_core.base.split import training_mask

SPEC = specs(wb.LinearConfig)["points"]
FEW = ((1, 2.5), (2, 3.1), (4, 4.9), (3, 4.2), (7, 8.5), (5, 6.1), (5, 5.7), (6, 40))
numbers = st.floats(-1e15, 1e15) | st.integers(-(10**15), 10**15)
lists = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=100, unique_by=lambda point: float(point[0]))


def points_like(count, seed=1, far=2_000.0):
    rng = random.Random(seed)
    return tuple((round(far + rng.gauss(0, 5), 2), round(300 + 7 * rng.gauss(0, 5), 1)) for _ in range(count))


MANY = points_like(450)
SETTINGS = {
    "few": {"points": FEW},
    "few, shuffled": {"points": FEW, "shuffle": True, "loss": "mse", "model": "linear"},
    "few, standardised": {"points": FEW, "standardise": True, "optimizer": "adam", "lr": 0.1},
    "many": {"points": MANY, "lr": 1e-8, "loss": "mse"},
    "many, shuffled and standardised": {
        "points": MANY, "shuffle": True, "standardise": True, "loss": "huber", "lr": 0.1, "momentum": 0.9,
        "model": "linear",
    },
    "a line, shuffled": {"noise": 0.2, "shuffle": True, "seed": 7},
    "a line, standardised": {"noise": 0.2, "standardise": True, "start": 4.0, "end": 5.0, "model": "linear"},
    "a line, shuffled and standardised": {"shuffle": True, "standardise": True, "loss": "mse", "lr": 0.5},
    "it diverges": {"points": MANY, "loss": "mse", "lr": 1.0},
    "all y the same": {"points": ((1, 5), (2, 5), (3, 5)), "standardise": True},
    "all X for training the same": {"points": ((1, 5), (1, 6), (3, 5)), "standardise": True, "train_fraction": 0.7},
}  # fmt: skip
CONFIGS = {title: wb.LinearConfig(**{"epochs": 60} | settings) for title, settings in SETTINGS.items()}
every_config = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)


def refused(points):
    with pytest.raises(wb.ConfigError) as caught:
        wb.LinearConfig(points=points)
    error = caught.value
    assert error.field == "points"
    assert len(str(error)) < 300
    assert pickle.loads(pickle.dumps(error)).code == error.code
    return error


class TestConfig:
    def test_points_are_pairs_of_floats(self):
        config = wb.LinearConfig(points=[[1, 2], (np.float32(0.5), -0.0)])
        assert config.points == ((1.0, 2.0), (0.5, 0.0))
        assert repr(config.points[1][1]) == "0.0"
        assert (config.size, config.train_points) == (2, 1)

    def test_without_points_there_is_a_line(self):
        assert wb.LinearConfig(points=[]) == wb.LinearConfig()
        assert wb.LinearConfig().points == ()

    @pytest.mark.parametrize(
        ("points", "code", "place"),
        [
            ([(1, 2)], "points.count", None),
            ([(i, i) for i in range(10_001)], "points.count", None),
            ([(1, 2), (1, 3)], "points.same_x", None),
            ([(1, 2), (3,)], "points.pair", 1),
            ([(1, 2), (3, 4, 5)], "points.pair", 1),
            ([(1, 2), 3], "points.pair", 1),
            ([(1, 2), (3, "4")], "points.pair", 1),
            ([(1, 2), (3, True)], "points.pair", 1),
            ([(1, 2), (3, None)], "points.pair", 1),
            ([(1, 2), (math.nan, 4)], "points.pair", 1),
            ([(1, math.inf), (3, 4)], "points.pair", 0),
            ([(1, 2), (3, 1.1e15)], "points.pair", 1),
            ([(1, 2), (10**400, 4)], "points.pair", 1),
            ("1,2", "points.pair", 0),
            (5, "points.pair", 0),
            (None, "points.pair", 0),
        ],
    )
    def test_other_points_are_refused(self, points, code, place):
        error = refused(points)
        assert (error.code, error.values.get("place")) == (code, place)

    def test_equal_configs_are_equal_and_quick_to_compare(self):
        config = wb.LinearConfig(points=points_like(10_000))
        copy = pickle.loads(pickle.dumps(config))
        assert copy == config
        assert hash(copy) == hash(config)
        assert dataclasses.replace(config, lr=0.5).points is config.points
        assert wb.LinearConfig(**json.loads(json.dumps(vars(config)))) == config

    def test_settings_of_the_line_do_not_apply(self):
        with pytest.raises(wb.ConfigError) as caught:
            wb.neighbours(CONFIGS["few"], "noise")
        assert caught.value.code == "neighbours.no_field"


class TestLink:
    @given(lists)
    def test_points_are_read_as_they_were_written(self, points):
        checked = SPEC.check("points", points)
        text = SPEC.text(checked)
        assert SPEC.check("points", SPEC.read(text)) == checked
        assert SPEC.offers(checked)
        assert set(text) <= set("0123456789.-xpe")

    def test_the_text_is_short(self):
        assert SPEC.text(SPEC.check("points", FEW)) == "1x2.5p2x3.1p4x4.9p3x4.2p7x8.5p5x6.1p5x5.7p6x40"

    def test_more_points_do_not_travel(self):
        points = SPEC.check("points", points_like(101))
        assert SPEC.text(points) == points.name
        assert points.name.startswith("101-")
        assert not SPEC.offers(points)

    @pytest.mark.parametrize(
        "text",
        ["101", "1x2p", "1x2p3", "1x2x3p4x5", "nanx1p2x3", "1e9999x1p2x3", "1e999x1p2x3", "١x2p3x4", "1x2p" * 200],
    )
    def test_other_texts_are_refused(self, text):
        with pytest.raises(wb.ConfigError):
            SPEC.check("points", SPEC.read(text))


class TestSplit:
    def test_in_order_the_first_points_are_for_training(self):
        data = wb.own_data(wb.LinearConfig(points=FEW, train_fraction=0.5))
        assert data.X_train.flatten().tolist() == [1, 2, 4, 3]
        assert data.y_test.flatten().tolist() == [8.5, *torch.tensor([6.1, 5.7]).tolist(), 40]

    @pytest.mark.parametrize("seed", range(20))
    @pytest.mark.parametrize("fraction", [0.05, 0.35, 0.55, 0.8])
    def test_a_shuffle_takes_the_right_share(self, seed, fraction):
        assert training_mask(200, fraction, seed).sum() == round(200 * fraction)
        for count in (2, 3, 11, 199):
            assert 1 <= training_mask(count, fraction, seed).sum() < count

    def test_each_seed_shuffles_in_its_own_way(self):
        assert len({tuple(training_mask(20, 0.8, seed).tolist()) for seed in range(50)}) > 40

    @given(st.integers(30, 300), st.integers(0, 50), st.floats(0.1, 0.9))
    def test_moving_or_adding_a_point_changes_no_others_side(self, count, seed, fraction):
        before, after = training_mask(count, fraction, seed), training_mask(count + 1, fraction, seed)
        assert torch.equal(before, after[:count])

    def test_the_parts_are_all_points(self):
        data = wb.own_data(wb.LinearConfig(points=MANY, shuffle=True))
        mask = training_mask(450, 0.8, 42)
        X = torch.tensor(MANY)[:, :1]
        assert torch.equal(data.X_train, X[mask])
        assert torch.equal(data.X_test, X[~mask])


class TestScale:
    def test_the_training_points_have_mean_0_and_standard_deviation_1(self):
        data = wb.Run(CONFIGS["many, shuffled and standardised"]).data
        for part in (data.X_train, data.y_train):
            assert part.double().mean() == pytest.approx(0, abs=1e-6)
            assert part.double().std(unbiased=False) == pytest.approx(1, abs=1e-6)

    def test_the_same_line_in_both_units(self):
        config = CONFIGS["many, shuffled and standardised"]
        scale, own, run = wb.scale_of(config), wb.own_data(config), wb.Run(config)
        assert scale == run.data.scale
        weight, bias = scale.own_line(0.5, -0.25)
        assert scale.model_line(weight, bias) == pytest.approx((0.5, -0.25))
        ours = (weight * own.X_test + bias - scale.y_mean) / scale.y_std
        torch.testing.assert_close(ours, 0.5 * run.data.X_test - 0.25, rtol=1e-4, atol=1e-4)

    def test_a_whole_history_at_once(self):
        run = finished(CONFIGS["few, standardised"])
        weights, biases = (np.array(run.history.column(name)) for name in ("weight", "bias"))
        own = run.data.scale.own_line(weights, biases)
        assert (own[0][-1], own[1][-1]) == run.data.scale.own_line(weights[-1], biases[-1])
        assert run.own_line == dict(zip(("weight", "bias"), (own[0][-1], own[1][-1]), strict=True))

    def test_points_as_they_are_have_lines_as_they_are(self):
        run = finished(CONFIGS["few"])
        assert run.own_line == run.line
        assert wb.scale_of(run.config) == wb.Scale()

    def test_what_is_all_the_same_is_only_moved(self):
        data = wb.Run(CONFIGS["all y the same"]).data
        assert (data.scale.y_mean, data.scale.y_std) == (5, 1)
        assert torch.equal(data.y_test, torch.zeros(1, 1))

    def test_standardised_far_points_are_learned(self):
        run = finished(dataclasses.replace(CONFIGS["many"], standardise=True, lr=0.5))
        X, y = torch.tensor(MANY, dtype=torch.float64)[:360].T
        weight, bias = np.polyfit(X, y, 1)
        assert run.own_line == pytest.approx({"weight": weight, "bias": bias}, rel=1e-4)


def plainly_prepared(config):
    """The points as a reader of the documentation would prepare them."""
    if config.points:
        X, y = torch.tensor(config.points, dtype=torch.float64).unsqueeze(2).unbind(1)
    else:
        in_order = plain.line_data(dataclasses.replace(config, shuffle=False, standardise=False))
        X, y = torch.cat([in_order.X_train, in_order.X_test]), torch.cat([in_order.y_train, in_order.y_test])
    split = min(max(int(config.train_fraction * len(X)), 1), len(X) - 1)
    train = torch.arange(len(X)) < split
    if config.shuffle:
        torch.manual_seed(config.seed)
        train = torch.rand(len(X) // 20 + 1, 20).argsort(dim=1).flatten()[: len(X)] + 0.5 < config.train_fraction * 20
    parts = [X[train].double(), y[train].double(), X[~train].double(), y[~train].double()]
    if config.standardise:
        for place in (0, 1):
            known = parts[place]
            std = known.std(unbiased=False) if known.min() < known.max() else 1
            parts[place], parts[place + 2] = (known - known.mean()) / std, (parts[place + 2] - known.mean()) / std
    return wb.LineData(*(part.float() for part in parts))


class TestSameBits:
    @every_config
    def test_as_plain_pytorch(self, config, monkeypatch):
        with torch.random.fork_rng(devices=[]):
            data = plainly_prepared(config)
        monkeypatch.setattr(plain, "line_data", lambda config: data)
        model, frame = plain.train(config)
        run = finished(config)
        plain.assert_same_bits(run.history.frame(), frame)
        if run.diverged_at is None:
            assert_same_bits(run.model.state_dict(), model.state_dict())

    @every_config
    def test_in_a_sweep(self, config):
        axes = {"seed": [42, 3], "lr": [config.lr, 0.02], "train_fraction": [0.8, 0.6]}
        result = wb.sweep(config, **axes)
        for number in range(len(result)):
            run, row = finished(result.config(number)), result.results().iloc[number]
            assert row["diverged_at"] == (-1 if run.diverged_at is None else run.diverged_at)
            assert (row["learned_weight"], row["learned_bias"]) == tuple(run.line.values())
            if run.diverged_at is None:
                diagnosis = wb.diagnose(run.history, run.config, advise=False)
                assert (row["diagnosis"], row["good"]) == (diagnosis.label, diagnosis.good)

    @every_config
    @pytest.mark.parametrize("field", ["lr", "epochs", "train_fraction"])
    def test_of_neighbours(self, config, field):
        stops = {"lr": [0.001, config.lr, 0.5], "epochs": [10, 60], "train_fraction": [0.35, 0.7, 0.75]}[field]
        found = wb.neighbours(config, field, stops)
        for row, value in enumerate(found.values):
            run = finished(dataclasses.replace(config, **{field: value}))
            length = int(found.lengths[row])
            assert length == run.epoch
            for name in wb.LinearRun.columns:
                ours = np.float32(run.history.column(name))
                assert np.array_equal(found.columns[name][row, :length], ours)

    @every_config
    def test_of_a_branch(self, config):
        run = finished(config)
        branch = run.branch(min(5, run.epoch), lr=0.003)
        branch.finish()
        plain.assert_same_bits(finished(branch.config).history.frame(), branch.history.frame())

    @pytest.mark.parametrize("title", [title for title in CONFIGS if title != "it diverges"])
    def test_after_a_checkpoint(self, title):
        run = wb.Run(dataclasses.replace(CONFIGS[title], momentum=0.0, optimizer="sgd"))
        run.advance(epochs=20)
        other = wb.Run(run.config)
        wb.load_checkpoint(wb.save_checkpoint(run), into=other)
        run.advance(epochs=10)
        other.advance(epochs=10)
        assert_same_bits(other.model.state_dict(), run.model.state_dict())

    @every_config
    @pytest.mark.parametrize("write", [wb.to_script, wb.to_notebook], ids=["script", "notebook"])
    def test_of_the_code(self, config, write, tmp_path):
        text = write(config)
        if len(config.points) > 200:
            (tmp_path / "points.csv").write_text(wb.points_csv(config), encoding="utf-8")
        names, printed = execute(text if write is wb.to_script else code_of(text), tmp_path)
        run = finished(config)
        assert_same_bits(names["model"].state_dict(), run.model.state_dict())
        assert_same_bits(saved_by(tmp_path)[1], run.model.state_dict())
        if config.standardise:
            assert names["own_weight"] == pytest.approx(run.own_line["weight"], rel=1e-12)
            assert names["own_bias"] == pytest.approx(run.own_line["bias"], rel=1e-12)
            assert printed[-1].startswith("Weight: ")

    def test_up_to_200_points_are_in_the_code(self):
        few, many = (wb.to_script(wb.LinearConfig(points=points_like(count))) for count in (200, 201))
        assert "points.csv" not in few
        assert "points.csv" in many
        assert max(map(len, few.splitlines())) <= 120

    def test_under_the_microscope(self):
        config = CONFIGS["many, shuffled and standardised"]
        scope, run = wb.Microscope(config), finished(config)
        scope.advance(60)
        trace = scope.look(30)
        loss = next(moment for moment in trace.moments if moment.line == "loss").tensors["loss"]
        assert loss.item() == run.history.row(30)["train_loss"]


class TestKept:
    def keep(self, config):
        return wb.KeptRun.of_record("a", wb.record_of(finished(config)))

    def test_a_kept_run_has_its_points(self):
        runs = tuple(self.keep(CONFIGS[title]) for title in ("few", "many, shuffled and standardised"))
        data = wb.write_tray(runs)
        assert wb.read_tray(data) == runs
        assert wb.write_tray(wb.read_tray(data)) == data

    def test_eight_large_ones_fit(self):
        config = wb.LinearConfig(points=points_like(1_500), epochs=600, standardise=True)
        runs = [dataclasses.replace(self.keep(config), name=str(number)) for number in range(8)]
        assert len(wb.read_tray(wb.write_tray(runs))) == 8

    def test_too_many_points_are_refused(self):
        with pytest.raises(wb.TrayError) as caught:
            self.keep(wb.LinearConfig(points=points_like(1_501), epochs=2))
        assert caught.value.code == "tray.too_many_points"

    @pytest.mark.parametrize("text", ["AAAA", "A", 5, None, [[1, 2], [3, 4]], "AAAAAAAA8D8AAAAAAADwPwAAAAAAAABA"])
    def test_a_file_with_other_points_is_refused(self, text):
        tray = json.loads(wb.write_tray([self.keep(CONFIGS["few"])]))
        tray["runs"][0]["config"]["points"] = text
        with pytest.raises(wb.TrayError) as caught:
            wb.read_tray(json.dumps(tray).encode())
        assert caught.value.code == "tray.bad_value"

    def test_a_file_from_before_is_read(self):
        tray = json.loads(wb.write_tray([run := self.keep(wb.LinearConfig())]))
        for name in ("points", "shuffle", "standardise", "init"):
            del tray["runs"][0]["config"][name]
        assert wb.read_tray(json.dumps(tray | {"version": 4}).encode()) == (run,)

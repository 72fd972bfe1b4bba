"""The neighbours of a run: each stop of a slider has the bits and the diagnosis of its own `Run`."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.width import cases
from wb_core.base.fields import specs

SHORT = wb.LinearConfig(epochs=30)
FIELDS = ("weight", "bias", "start", "end", "step", "noise", "train_fraction", "lr", "momentum", "epochs")


def same_as_its_run(found: wb.Neighbours, config: wb.LinearConfig, row: int) -> None:
    run = wb.Run(dataclasses.replace(config, **{found.field: found.values[row]}))
    run.finish()
    shown = found.epochs[: found.lengths[row]]
    assert found.diverged_at[row] == (-1 if run.diverged_at is None else run.diverged_at)
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, advise=False)
    assert (found.labels[row], found.good[row]) == (diagnosis.label, diagnosis.good)
    assert found.limits[row].best == wb.best_line(run.data, config.loss)
    assert len(shown) == np.sum(found.epochs < run.epoch)
    for name, column in found.columns.items():
        assert column[row, : len(shown)].tolist() == np.asarray(run.history.column(name))[shown].tolist()


def is_valid(config: wb.LinearConfig, field: str, stop: float) -> bool:
    try:
        dataclasses.replace(config, **{field: stop})
    except wb.ConfigError:
        return False
    return True


@settings(max_examples=cases(40))
@given(st.data())
def test_every_stop_has_the_bits_and_the_diagnosis_of_its_run(data):
    choices = {name: list(specs(SHORT)[name].options) for name in ("model", "loss", "optimizer")}
    config = dataclasses.replace(
        SHORT,
        **{name: data.draw(st.sampled_from(options)) for name, options in choices.items()},
        lr=data.draw(st.sampled_from([0.001, 0.05, 0.9])),
        momentum=data.draw(st.sampled_from([0.0, 0.9])),
        noise=data.draw(st.sampled_from([0.0, 0.1])),
        seed=data.draw(st.integers(0, 99)),
    )
    field = data.draw(st.sampled_from([name for name in FIELDS if specs(config)[name].applies(vars(config))]))
    stops = [stop for stop in specs(config)[field].stops if field != "epochs" or stop <= 100]
    drawn = data.draw(st.lists(st.sampled_from(stops), min_size=1, max_size=4, unique=True))
    valid = tuple(stop for stop in drawn if is_valid(config, field, stop))
    if not valid:
        with pytest.raises(wb.ConfigError) as error:
            wb.neighbours(config, field, drawn)
        assert error.value.code == "neighbours.no_stop"
        return
    found = wb.neighbours(config, field, drawn)
    assert found.values == valid
    for row in range(len(found.values)):
        same_as_its_run(found, config, row)


def test_the_stops_are_those_of_the_control():
    found = wb.neighbours(SHORT, "lr")
    assert (found.values[0], found.values[-1], len(found.values)) == (0.0001, 1.0, 41)
    assert wb.neighbours(SHORT, "momentum").values == (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
    assert specs(SHORT)["weight"].stops[:3] == (-2.0, -1.99, -1.98)
    assert (specs(SHORT)["epochs"].stops[0], specs(SHORT)["epochs"].stops[-1]) == (1, 5000)


def test_stops_without_valid_points_are_left_out():
    config = dataclasses.replace(SHORT, step=0.5)
    found = wb.neighbours(config, "end", [-1.0, 0.5, 1.0, 2.0])
    assert found.values == (1.0, 2.0)
    with pytest.raises(wb.ConfigError) as error:
        wb.neighbours(config, "end", [-1.0])
    assert error.value.code == "neighbours.no_stop"


def test_long_runs_are_thinned_to_200_epochs_with_exact_ends():
    found = wb.neighbours(dataclasses.replace(SHORT, epochs=777), "lr", [0.001, 0.02])
    assert (len(found.epochs), found.epochs[0], found.epochs[-1]) == (200, 0, 776)
    for row in range(2):
        same_as_its_run(found, dataclasses.replace(SHORT, epochs=777), row)


def test_a_run_that_explodes_ends_where_its_numbers_do():
    config = dataclasses.replace(SHORT, loss="mse", epochs=400, lr=1.0)
    found = wb.neighbours(config, "weight", [0.7, 1.5])
    assert found.labels == ("exploding", "exploding")
    assert (found.diverged_at > 0).all()
    same_as_its_run(found, config, 0)
    prefixes = wb.neighbours(config, "epochs", [10, int(found.diverged_at[0]) + 5])
    assert prefixes.labels[1] == "exploding"
    assert prefixes.diverged_at.tolist() == [-1, found.diverged_at[0]]


def test_the_runs_share_batches(monkeypatch):
    """All 41 stops of the learning rate are one batch; a momentum of 0 needs another."""
    sizes, batching = [], wb.kind_of(SHORT).batch

    def counted(configs, data, keep):
        sizes.append(len(configs))
        return batching.batch(configs, data, keep)

    monkeypatch.setitem(vars(wb.kind_of(SHORT)), "batch", dataclasses.replace(batching, batch=counted))
    wb.neighbours(SHORT, "lr")
    wb.neighbours(SHORT, "momentum")
    assert sizes == [41, 1, 5]


@pytest.mark.parametrize("field", ["seed", "loss", "nothing", "device"])
def test_a_setting_without_stops_is_refused(field):
    with pytest.raises(wb.ConfigError) as error:
        wb.neighbours(SHORT, field)
    assert error.value.code == "neighbours.no_field"


def test_a_setting_that_does_not_apply_is_refused():
    with pytest.raises(wb.ConfigError):
        wb.neighbours(dataclasses.replace(SHORT, optimizer="adam"), "momentum")


@pytest.mark.parametrize("stop", [float("nan"), -1.0, "0.1"])
def test_a_stop_out_of_bounds_is_refused(stop):
    with pytest.raises(wb.ConfigError):
        wb.neighbours(SHORT, "lr", [stop])


def test_watch_may_stop_the_training():
    calls = []

    def enough():
        calls.append(None)
        if len(calls) == 3:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        wb.neighbours(SHORT, "lr", watch=enough)
    assert len(calls) == 3

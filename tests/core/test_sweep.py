"""Sweeps of a line: each row has the bits of its config's run, whatever happens to other rows."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.width import cases
from wb_core.kinds.line import batch, batching
from wb_core.kinds.line.batching import LINE_BATCHING

SHORT = wb.LinearConfig(epochs=40)

VALUES = {
    "lr": st.floats(1e-4, 2.0),
    "loss": st.sampled_from(["l1", "mse", "huber"]),
    "optimizer": st.sampled_from(["sgd", "adam"]),
    "momentum": st.sampled_from([0.0, 0.5, 0.9]),
    "seed": st.integers(0, 9999),
    "noise": st.sampled_from([0.0, 0.1]),
    "weight": st.floats(-2, 2),
    "bias": st.floats(-2, 2),
    "train_fraction": st.floats(0.1, 0.9),
    "epochs": st.integers(1, 60),
    "model": st.sampled_from(["parameter", "linear"]),
}


def alone(config: wb.LinearConfig) -> wb.Run:
    run = wb.Run(config)
    run.finish()
    return run


def same(result: wb.SweepResult, number: int) -> None:
    """Compare the row of a run with the run itself."""
    row, run = result.frame().iloc[number], alone(result.config(number))
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)
    assert row.diagnosis == diagnosis.label
    assert row.diverged_at == (-1 if run.diverged_at is None else run.diverged_at)
    assert (row.learned_weight, row.learned_bias) == tuple(run.line.values())
    if run.epoch:
        frame = run.history.frame()
        assert (row.final_train_loss, row.final_test_loss) == tuple(frame.iloc[-1][["train_loss", "test_loss"]])
        assert (row.best_train_loss, row.best_test_loss) == (frame.train_loss.min(), frame.test_loss.min())
        assert row.best_epoch == frame.test_loss.idxmin()
    else:
        assert math.isnan(row.final_test_loss)


@settings(max_examples=cases(40))
@given(st.data())
def test_every_run_of_a_sweep_has_the_bits_of_its_config(data):
    names = data.draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3, unique=True))
    axes = {name: data.draw(st.lists(VALUES[name], min_size=1, max_size=3)) for name in names}
    result = wb.sweep(SHORT, **axes)
    assert len(result) == math.prod(map(len, axes.values()))
    for number in range(len(result)):
        same(result, number)


@pytest.mark.parametrize("loss", ["l1", "mse", "huber"])
@pytest.mark.parametrize("model", ["parameter", "linear"])
@pytest.mark.parametrize("optimizer", [{"optimizer": "sgd"}, {"momentum": 0.9}, {"optimizer": "adam"}], ids=str)
def test_every_epoch_of_a_sweep_is_that_of_the_run(loss, model, optimizer):
    config = dataclasses.replace(SHORT, loss=loss, model=model, noise=0.1, **optimizer)
    configs = [dataclasses.replace(config, lr=lr, seed=seed) for lr in (0.001, 0.05, 0.3) for seed in (1, 42)]
    trained = batch.Batch(configs, list(map(LINE_BATCHING.data_of(), configs)))
    while not trained.done:
        trained.advance()
    for row, one in enumerate(configs):
        assert np.array_equal(trained.record[:, :, row].numpy(), alone(one).history.frame().values[:, 1:])


def test_diverged_runs_do_not_affect_other_rows():
    config = dataclasses.replace(SHORT, loss="mse", epochs=400)
    result = wb.sweep(config, lr=[0.01, 50.0, 0.1, 1000.0, 0.862])
    frame = result.frame()
    assert (frame.diverged_at > 0).tolist() == [False, True, False, True, False]
    assert frame.diagnosis.tolist()[1::2] == ["exploding"] * 2
    for number in range(5):
        same(result, number)
    assert np.isfinite(frame[["final_train_loss", "best_test_loss", "learned_weight"]].to_numpy()).all()


def test_any_chunk_size_gives_the_same_numbers(monkeypatch):
    axes = {"lr": [0.01, 0.1], "seed": range(7), "epochs": [3, 11]}
    whole = wb.sweep(SHORT, **axes).frame()
    monkeypatch.setattr(batching, "MAX_NUMBERS", 150)
    assert wb.sweep(SHORT, **axes).frame().equals(whole)


def test_a_row_has_its_axes_and_its_history_is_that_of_a_run():
    result = wb.sweep(SHORT, lr=[0.01, 0.1], seed=[1, 2, 3])
    frame = result.frame()
    assert frame.columns.tolist()[:2] == ["lr", "seed"]
    assert frame[["lr", "seed"]].values.tolist() == [[lr, seed] for lr in (0.01, 0.1) for seed in (1, 2, 3)]
    assert result.config(4) == dataclasses.replace(SHORT, lr=0.1, seed=2)
    assert result.history(4).frame().equals(alone(result.config(4)).history.frame())
    assert result.axes.shape == (2, 3)
    for number in (-1, 6):
        with pytest.raises(IndexError):
            result.config(number)


def test_a_sweep_without_axes_is_one_run():
    result = wb.sweep(SHORT)
    assert len(result) == 1
    same(result, 0)


def test_a_sweep_advances_in_pieces_and_can_be_stopped():
    work = wb.Sweep(SHORT, lr=[0.01, 0.1], loss=["l1", "mse"])
    seen = []
    while not work.done:
        work.advance(0)
        seen.append(work.progress)
    assert seen == sorted(seen)
    assert (work.progress, len(set(seen)) > 10) == (1.0, True)

    told = []
    stopped = wb.sweep(SHORT, lr=[0.01], seed=range(20_000), watch=lambda progress: told.append(progress) or False)
    assert len(told) == 1
    assert (stopped.frame().diagnosis == "").any()


@pytest.mark.parametrize(
    ("axes", "code", "field"),
    [
        ({"lr": []}, "sweep.empty", "lr"),
        ({"lr": 0.1}, "sweep.empty", "lr"),
        ({"loss": "l1"}, "sweep.empty", "loss"),
        ({"device": ["cpu"]}, "sweep.no_axis", "device"),
        ({"learning_rate": [0.1]}, "sweep.no_axis", "learning_rate"),
        ({"lr": [0.1, -1]}, "config.out_of_range", "lr"),
        ({"lr": [0.1, math.nan]}, "config.out_of_range", "lr"),
        ({"lr": ["0.1"]}, "config.not_a_number", "lr"),
        ({"model": ["tiny_vgg"]}, "config.not_a_choice", "model"),
        ({"epochs": [1.5]}, "config.not_whole", "epochs"),
    ],
)
def test_invalid_axes_are_named(axes, code, field):
    with pytest.raises(wb.ConfigError) as caught:
        wb.sweep(SHORT, **axes)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_sweep_over_the_limits_is_refused_with_its_size():
    with pytest.raises(wb.ConfigError) as caught:
        wb.sweep(SHORT, lr=[0.1] * 500, seed=range(500))
    assert caught.value.code == "sweep.too_many"
    assert caught.value.values["arithmetic"] == "500 × 500 = 250,000"
    with pytest.raises(wb.ConfigError) as caught:
        wb.sweep(SHORT, seed=iter(range(10**12)))  # which would never end
    assert caught.value.code == "sweep.too_many"
    with pytest.raises(wb.ConfigError) as caught:
        wb.sweep(dataclasses.replace(SHORT, epochs=5000), seed=range(50_000))
    assert caught.value.values["arithmetic"] == "50,000 × 5,000 = 250,000,000"
    limit = wb.KINDS["linear"].sweep_limit
    assert (limit.runs, limit.work) == (100_000, 100_000_000)

"""Many runs diagnosed at once: each gets the same label as alone."""

import dataclasses

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.runs import Training
from tests.width import cases
from wb_core.kinds.line import batching
from wb_core.kinds.line.diagnosis import verdicts_of

# The settings that a batch shares.
SPANS = [(0, 1, 0.02), (0, 1, 0.02), (-5, 5, 0.2), (1, 3, 0.05), (0, 150, 3), (100, 170, 40), (-5, 5, 8)]
commons = st.builds(
    lambda span, **rest: wb.LinearConfig(**dict(zip(("start", "end", "step"), span, strict=True)), **rest),
    st.sampled_from(SPANS),
    loss=st.sampled_from(["l1", "mse", "huber"]),
    model=st.sampled_from(["parameter", "linear"]),
    train_fraction=st.sampled_from([0.01, 0.5, 0.8]),
    epochs=st.integers(1, 8) | st.integers(1, 120),
)
ways = st.one_of(
    st.just({}),
    st.just({"optimizer": ["adam"]}),
    st.fixed_dictionaries({"momentum": st.lists(st.sampled_from([0.1, 0.5, 0.9, 0.99]), min_size=1, max_size=2)}),
)
axes = st.fixed_dictionaries(
    {"lr": st.lists(st.floats(-6, 2.9).map(lambda power: 10**power), min_size=1, max_size=4)},
    optional={
        "seed": st.lists(st.integers(0, 9999), min_size=1, max_size=2),
        "noise": st.lists(st.sampled_from([0.0, 0.1, 5.0]), min_size=1, max_size=2),
        "weight": st.lists(st.floats(-2, 2) | st.floats(-1e4, 1e4), min_size=1, max_size=2),
        "bias": st.lists(st.floats(-2, 2) | st.floats(-1e4, 1e4), min_size=1, max_size=2),
    },
)
LINE = wb.LinearConfig(epochs=300)
RATES = [0.0001, 0.01, 0.3, 0.5, 0.862, 0.863, 1.0, 1.7, 50.0, 1000.0]


@settings(max_examples=cases(100))
@given(commons, axes, ways)
@example(LINE, {"lr": RATES}, {})
@example(dataclasses.replace(LINE, loss="mse"), {"lr": RATES}, {})
@example(dataclasses.replace(LINE, loss="huber", weight=9.0), {"lr": RATES}, {"momentum": [0.5, 0.99]})
@example(dataclasses.replace(LINE, loss="huber", noise=1.0), {"lr": RATES}, {"optimizer": ["adam"]})
def test_a_run_has_the_same_diagnosis_in_a_batch_and_alone(config, axes, way):
    result = wb.sweep(config, **axes, **way)
    for number, (label, good) in enumerate(zip(result.diagnoses, result.good, strict=True)):
        config = result.config(number)
        run = Training(config).after(config.epochs)
        alone = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, advise=False)
        assert (label, good) == (alone.label, alone.good), run.config


@pytest.mark.parametrize("loss", ["l1", "mse", "huber"])
@pytest.mark.parametrize("way", [{}, {"optimizer": "adam"}, {"momentum": 0.9}], ids=str)
def test_a_diagnosis_does_not_depend_on_other_runs_in_the_batch(loss, way):
    config = dataclasses.replace(LINE, loss=loss, noise=0.1, weight=3.0, epochs=60, **way)
    runs = [
        wb.Run(dataclasses.replace(config, lr=lr, seed=seed)) for lr in np.geomspace(1e-4, 0.8, 9) for seed in (1, 2)
    ]
    for run in runs:
        run.finish()
    record = np.array([[run.history.column(name) for name in wb.LinearRun.columns] for run in runs])
    configs, limits = [run.config for run in runs], [wb.limits_of(run.data, loss) for run in runs]
    labels = verdicts_of(record, configs, limits).labels
    assert labels.tolist() == [wb.diagnose(run.history, run.config, advise=False).label for run in runs]
    assert len(set(labels)) > 1
    for rows in (range(1), range(3, 12), range(17, -1, -3)):
        some = list(rows)
        again = verdicts_of(record[some], [configs[row] for row in some], [limits[row] for row in some]).labels
        assert again.tolist() == labels[some].tolist()


@pytest.mark.parametrize("size", [1, 7, 10**9])
def test_a_batch_split_into_pieces_gives_the_same_results(monkeypatch, size):
    axes = {"lr": RATES, "seed": [1, 2]}
    config = dataclasses.replace(LINE, loss="mse", epochs=100)
    whole = wb.sweep(config, **axes).frame()
    judged = []

    def seen(record, configs, limits):
        judged.append(len(record))
        return verdicts_of(record, configs, limits)

    monkeypatch.setattr(batching, "verdicts_of", seen)
    monkeypatch.setattr(batching, "MAX_LOOKS", size * (100 * config.size + 12 * config.epochs))
    assert wb.sweep(config, **axes).frame().equals(whole)
    assert max(judged) <= size
    assert sum(judged) == (whole.diverged_at < 0).sum() < len(whole)


def test_with_checked_gives_the_config_that_replace_gives():
    result = wb.sweep(dataclasses.replace(LINE, epochs=2), lr=[1, 0.1], epochs=[3.0, 4], model=["linear"], noise=[0])
    for number, values in enumerate(result.axes.all_settings()):
        made = dataclasses.replace(LINE, **values)
        assert result.config(number) == made
        assert hash(result.config(number)) == hash(made)
        assert [type(value) for value in vars(result.config(number)).values()] == [type(v) for v in vars(made).values()]
    assert result.axes.config == dataclasses.replace(LINE, epochs=2)  # which none of them changes

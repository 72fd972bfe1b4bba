"""The best lines against third-party solvers, and against every line through two points."""

import dataclasses
import itertools

import numpy as np
import pytest
import scipy.optimize
import torch
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from tests.core import plain, reference_diagnosis
from tests.width import cases
from wb_core.kinds.line.best_line import pointwise

every_loss = pytest.mark.parametrize("loss", plain.LOSSES)
DATA = {
    "defaults": {},
    "noise": {"noise": 0.1},
    "so much noise that Huber is mostly L1": {"noise": 3.0},
    "nothing but noise": {"noise": 500.0},
    "far from 0": {"start": 100, "end": 101, "noise": 0.1},
    "wide": {"start": -5, "end": 5, "step": 0.1, "noise": 1.0, "weight": -3},
    "two points": {"start": 0, "end": 3, "step": 1, "train_fraction": 0.7},
    "an even and an odd number of them": {"step": 0.03, "noise": 0.3},
}


def data_of(**settings):
    return plain.line_data(wb.LinearConfig(**settings))


def train_loss(data, loss, weight, bias):
    """PyTorch's loss of a line, in 64 bits."""
    return plain.LOSSES[loss]()(weight * data.X_train.double() + bias, data.y_train.double()).item()


@every_loss
@pytest.mark.parametrize("settings", DATA.values(), ids=DATA)
def test_no_solver_finds_a_better_line(loss, settings):
    data = data_of(**settings)
    best = wb.best_line(data, loss)
    assert best.loss == pytest.approx(train_loss(data, loss, best.weight, best.bias), rel=1e-9, abs=1e-15)
    assert best.loss <= reference_diagnosis.best(wb.LinearConfig(loss=loss, **settings))[0] * (1 + 1e-7) + 1e-7


@pytest.mark.parametrize("settings", DATA.values(), ids=DATA)
def test_no_line_through_two_points_has_less_l1(settings):
    """Some least-absolute-deviations line passes through two points; the best line is as good as any such line."""
    data = data_of(**settings)
    X, y = data.X_train.flatten().double().numpy(), data.y_train.flatten().double().numpy()
    lines = [((y[j] - y[i]) / (X[j] - X[i]), i) for i, j in itertools.combinations(range(len(X)), 2)]
    least = min(np.abs(w * (X - X[i]) + y[i] - y).mean() for w, i in lines)
    assert wb.best_line(data, "l1").loss == pytest.approx(least, rel=1e-9, abs=1e-12)


@every_loss
@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=12),
    st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
)
def test_no_line_nearby_is_better(loss, points, away):
    """For arbitrary points, in any order, possibly equal."""
    X, y = torch.tensor(points, dtype=torch.float32).T.unsqueeze(2) / 10
    data = wb.LineData(X, y, X, y)
    best = wb.best_line(data, loss)
    for scale in (1, 1e-3, 1e-6):
        other = train_loss(data, loss, best.weight + scale * away[0], best.bias + scale * away[1])
        assert best.loss <= other + 1e-12


@every_loss
def test_without_noise_it_is_the_true_line(loss):
    best = wb.best_line(data_of(weight=-1.5, bias=0.25), loss)
    assert (best.weight, best.bias) == pytest.approx((-1.5, 0.25), abs=1e-6)


def test_with_noise_the_losses_disagree():
    lines = {loss: wb.best_line(data_of(noise=0.2), loss) for loss in plain.LOSSES}
    assert abs(lines["l1"].weight - lines["mse"].weight) > 0.01
    # If no residual exceeds 1, Huber is half of MSE.
    assert lines["huber"].weight == pytest.approx(lines["mse"].weight)


def test_an_outlier_pulls_l1_and_huber_less_than_mse():
    X = torch.arange(0, 10, dtype=torch.float32).unsqueeze(1)
    y = X.clone()
    y[-1] = 100.0
    data = wb.LineData(X, y, X, y)
    assert wb.best_line(data, "l1").weight == pytest.approx(1)
    assert wb.best_line(data, "l1").weight < wb.best_line(data, "huber").weight < 1.5
    assert wb.best_line(data, "mse").weight > 5


def points_of(seed):
    """Points with repeated X, outliers, far from 0, and of any size."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 40))
    X = rng.integers(-3, 4, n) * 10.0 ** rng.integers(-3, 4) + rng.choice([0, 2000])
    y = 10.0 ** rng.integers(-3, 7) * (rng.integers(-5, 6, n) + rng.choice([0, 1000], n, p=[0.9, 0.1]))
    X[0] += 10.0 ** rng.integers(-3, 4)
    return X, y


def least(X, y, loss):
    """The least loss that a solver for linear or quadratic programs, or for smooth functions, finds."""
    x, size = (X - X.mean()) / X.std(), np.abs(y - np.median(y)).mean()
    if loss == "mse":
        return np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2)
    A, ones = np.stack([x, np.ones_like(x)], axis=1), np.eye(len(x))
    line = np.append(np.polyfit(x, y, 1), 0)[:2]
    rest = (y - np.median(y)) / size
    bounds = [(None, None)] * 2 + [(0, None)] * len(x)
    program = scipy.optimize.linprog(
        np.append([0, 0], np.full(len(x), 1 / len(x))),
        A_ub=np.block([[A, -ones], [-A, -ones]]),
        b_ub=np.append(rest, -rest),
        bounds=bounds,
    )
    if loss == "l1":
        return program.fun * size
    starts = line, program.x[:2] * size + [0, np.median(y)]
    return min(
        scipy.optimize.minimize(
            lambda at: pointwise("huber", A @ at - y).mean(),
            start,
            jac=lambda at: np.clip(A @ at - y, -1, 1) @ A / len(x),
            options={"gtol": 1e-11},
        ).fun
        for start in starts
    )


@every_loss
@pytest.mark.parametrize("seed", range(cases(60)))
def test_no_solver_finds_a_better_line_for_points_of_ones_own(loss, seed):
    X, y = points_of(seed)
    if np.ptp(y) == 0:
        return
    X_train, y_train = torch.from_numpy(X)[:, None], torch.from_numpy(y)[:, None]
    data = wb.LineData(X_train.float(), y_train.float(), X_train, y_train, exact=(X_train, y_train))
    best = wb.best_line(data, loss)
    expected = least(X, y, loss)
    assert best.loss == pytest.approx(expected, rel=1e-6, abs=1e-12 * np.abs(y).max())


def test_far_points_have_the_slope_of_their_64_bits():
    rng = np.random.default_rng(1)
    X = 1e6 + rng.normal(0, 5, 200)
    y = 3 * (X - 1e6) + rng.normal(0, 1, 200)
    config = wb.LinearConfig(points=list(zip(X, y, strict=True)), train_fraction=0.9)
    weight, bias = np.polyfit(X[:180] - 1e6, y[:180], 1)
    for standardise in (False, True):
        there = dataclasses.replace(config, standardise=standardise)
        data = wb.Run(there).data
        best = wb.best_line(data, "mse")
        assert data.scale.own_line(best.weight, best.bias) == pytest.approx((weight, bias - 1e6 * weight), rel=1e-6)


@every_loss
def test_a_single_x_has_a_flat_best_line(loss):
    X, y = torch.ones(5, 1), torch.tensor([[0.0], [1.0], [2.0], [3.0], [9.0]])
    best = wb.best_line(wb.LineData(X, y, X, y), loss)
    assert best.weight == 0
    middle = scipy.optimize.minimize_scalar(lambda b: train_loss(wb.LineData(X, y, X, y), loss, 0, b))
    assert best.loss == pytest.approx(middle.fun, abs=1e-8)


@every_loss
def test_ten_thousand_points(loss):
    data = data_of(step=0.0001, noise=0.3)
    best = wb.best_line(data, loss)
    weight, bias = best.weight, best.bias
    for w, b in ((1e-4, 0), (0, 1e-4), (-1e-4, 5e-5)):
        assert best.loss < train_loss(data, loss, weight + w, bias + b)

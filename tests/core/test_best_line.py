"""The best lines against third-party solvers, and against every line through two points."""

import itertools

import numpy as np
import pytest
import scipy.optimize
import torch
from hypothesis import given
from hypothesis import strategies as st

import wb_core as wb
from tests.core import plain, reference_diagnosis

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

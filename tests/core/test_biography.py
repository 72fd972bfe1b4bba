"""The biography of a point against autograd, which trains the same line with plain PyTorch."""

import dataclasses

import numpy as np
import pytest
import torch

import wb_core as wb
from tests.runs import finished
from wb_core.base.losses import LOSSES
from wb_core.kinds.line.biography import biography, side_of

POINTS = ((1, 2.5), (2, 3.1), (4, 4.9), (3, 4.2), (7, 8.5), (5, 6.1), (5, 5.7), (6, 40))
CONFIGS = {
    "the absolute loss": wb.LinearConfig(points=POINTS, lr=0.05, epochs=30),
    "the squared loss, shuffled": wb.LinearConfig(points=POINTS, loss="mse", shuffle=True, epochs=30),
    "Huber's, scaled": wb.LinearConfig(points=POINTS, loss="huber", standardise=True, lr=0.3, epochs=30),
    "another loss from epoch 12 on": wb.LinearConfig(points=POINTS, loss="mse", epochs=30, schedule="12:loss=l1"),
    "a drawn line": wb.LinearConfig(noise=0.3, step=0.1, loss="huber", model="linear", epochs=30),
}


def pulls(run, epoch):
    """What autograd gives for each training point in an epoch: (N, 2), parts of the gradient."""
    before = run.history.row(epoch - 1) if epoch else run.start
    line = torch.tensor([before["weight"], before["bias"]], requires_grad=True)
    X, y = run.data.X_train.flatten(), run.data.y_train.flatten()
    losses = LOSSES[run.config.at(epoch).loss](reduction="none")(line[0] * X + line[1], y) / len(X)
    return np.stack([torch.autograd.grad(loss, line, retain_graph=True)[0].numpy() for loss in losses])


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_point_has_its_part_in_every_gradient(config):
    run = finished(config)
    lives = [biography(run, point) for point in range(config.size)]
    trained = [life for life in lives if life.trains]

    for epoch in (0, 1, 11, 12, 13, 29):
        parts = pulls(run, epoch)
        found = np.array([[life.weight_grads[epoch], life.bias_grads[epoch]] for life in trained])
        np.testing.assert_allclose(found, parts, rtol=1e-4, atol=1e-6)
        lengths = np.hypot(*parts.T)
        np.testing.assert_allclose([life.shares[epoch] for life in trained], lengths / lengths.sum(), rtol=1e-4)
    for name in ("weight", "bias"):
        together = sum(getattr(life, f"{name}_grads") for life in lives)
        np.testing.assert_allclose(together, run.history.column(f"{name}_grad"), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_its_residuals_are_those_of_the_line_on_show_in_units_of_the_points(config):
    run = finished(config)
    points = wb.points_of(config)
    for point, (x, y) in enumerate(points):
        life = biography(run, point)
        line = run.data.scale.own_line(run.history.row(17)["weight"], run.history.row(17)["bias"])
        assert life.residuals[17] == pytest.approx(line[0] * x + line[1] - y, rel=1e-4, abs=1e-5)
        if not life.trains:
            assert not life.shares.any()


def test_a_point_is_on_the_side_where_the_run_has_it():
    for shuffle in (False, True):
        config = wb.LinearConfig(points=POINTS, shuffle=shuffle, seed=5)
        data = wb.Run(config).data
        for point, (x, y) in enumerate(POINTS):
            trains, place = side_of(config, point)
            X, Y = (data.X_train, data.y_train) if trains else (data.X_test, data.y_test)
            assert (X[place].item(), Y[place].item()) == (x, np.float32(y))


def test_the_points_of_a_line_as_ones_own_train_to_the_same_bits():
    line = wb.LinearConfig(noise=0.37, seed=9, epochs=25, loss="mse", shuffle=True)
    own = dataclasses.replace(line, points=wb.points_of(line))
    assert finished(own).history.frame().equals(finished(line).history.frame())
    assert wb.points_of(own) == own.points
    assert wb.points_of(line)[3][0] == 0.06


def test_an_untrained_run_has_no_biography_yet():
    assert len(biography(wb.Run(wb.LinearConfig()), 3).residuals) == 0

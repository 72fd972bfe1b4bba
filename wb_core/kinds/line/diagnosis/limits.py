"""Limits that the data set before any training: the best possible loss, and the largest stable learning rate."""

import math
from dataclasses import dataclass

import numpy as np

from ..best_line import BestLine, best_line, pointwise
from ..config import LinearConfig
from ..data import LineData


@dataclass(frozen=True)
class Limits:
    """The limits of one data set and one loss. `X` and `y` (N,) are the training points in 64 bits.

    `best` is the line with the least train loss, `best_test` its test loss. A train loss counts as good as the best if
    it exceeds it by at most `tolerance`: a thousandth of it, or the cost of moving the best line up or down by a
    hundredth of the spread of the points (the standard deviation of y; for a flat line, a hundredth of its height). On
    a chart, such a line cannot be told from the best one.

    `curvature` has the eigenvalues of the loss's second derivative at the best line, smallest first, along the
    `directions` (weight, bias), the columns of a (2, 2) array. L1 has no curvature: both are 0.
    """

    loss: str
    X: np.ndarray
    y: np.ndarray
    best: BestLine
    best_test: float
    tolerance: float
    curvature: np.ndarray
    directions: np.ndarray

    def loss_at(self, weight: float, bias: float) -> float:
        """The train loss of a line; infinite where the numbers are too large."""
        with np.errstate(over="ignore"):
            return float(pointwise(self.loss, weight * self.X + bias - self.y).mean())

    def lr(self, config: LinearConfig) -> float | None:
        """The learning rate above which steps grow from one to the next, 2 / lambda_max; None if there is no limit.

        With momentum m it is 2 (1 + m) / lambda_max. With MSE, training explodes above it. With Huber it applies near
        the best line, where no residual exceeds 1: above it training bounces, but the steps stay bounded. There a
        residual r costs r * r / 2, half as much as with MSE, so the limit is twice as high. L1's steps have a constant
        length, and Adam scales its own: neither has such a limit.
        """
        largest = float(self.curvature[1])
        if config.optimizer != "sgd" or not largest:
            return None
        return 2 * (1 + config.momentum) / largest

    def exceeded(self, config: LinearConfig) -> bool:
        """Whether the learning rate is above its limit, if it has one."""
        limit = self.lr(config)
        return limit is not None and config.lr > limit


def limits_of(data: LineData, loss: str) -> Limits:
    """The limits of some data and a loss: "mse", "l1" or "huber"."""
    best = best_line(data, loss)
    X, y, X_test, y_test = (
        tensor.flatten().cpu().numpy().astype(float)
        for tensor in (data.X_train, data.y_train, data.X_test, data.y_test)
    )
    curvature, directions = np.linalg.eigh(_second_derivative(X, y, best, loss))
    return Limits(
        loss=loss,
        X=X,
        y=y,
        best=best,
        best_test=float(pointwise(loss, best.weight * X_test + best.bias - y_test).mean()),
        tolerance=_tolerance(X, y, best, loss),
        curvature=np.maximum(curvature, 0.0),
        directions=directions,
    )


def _tolerance(X: np.ndarray, y: np.ndarray, best: BestLine, loss: str) -> float:
    spread = max(float(y.std()), math.sqrt(float(y @ y) / len(y)) / 100) or 1.0
    rest = best.weight * X + best.bias - y
    moved = [pointwise(loss, rest + shift).mean() for shift in (0.01 * spread, -0.01 * spread)]
    return max(0.001 * best.loss, float(np.mean(moved)) - best.loss)


def _second_derivative(X: np.ndarray, y: np.ndarray, best: BestLine, loss: str) -> np.ndarray:
    """The Hessian (2, 2) of the train loss by weight and bias, at the best line."""
    each = np.full(len(X), {"mse": 2.0, "l1": 0.0, "huber": 1.0}[loss])
    if loss == "huber":
        each[np.abs(best.weight * X + best.bias - y) > 1] = 0.0
    mixed = each @ X
    return np.array([[each @ (X * X), mixed], [mixed, each.sum()]]) / len(X)

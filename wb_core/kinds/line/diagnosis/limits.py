"""What the data alone decide, before any training: how good a line can get, and how large a step it bears."""

import math
from dataclasses import dataclass

import numpy as np

from ..best_line import BestLine, best_line, pointwise
from ..config import LinearConfig
from ..data import LineData


@dataclass(frozen=True)
class Limits:
    """Of one set of data and one loss. Arrays: `X` and `y` are the training points in 64 bits, each of shape (N,).

    `best` is the line that cannot be beaten, `best_test` its loss on the test points. A train loss is as good as the
    best one when it is above it by `tolerance` at most: by a thousandth of it, or by what it costs to move the best
    line up or down by a hundredth of the spread of the points (the standard deviation of y; a flat line has none, and
    counts as a hundredth of its height). On a chart, the two lines are then one.

    `curvature` is how strongly the loss curves at the best line: the eigenvalues of its second derivative, smallest
    first, along the `directions` (weight, bias), the columns of a (2, 2) array. L1 has no curvature: both are 0.
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
        """The learning rate above which steps grow from one to the next: 2 / lambda_max; None where there is none.

        With momentum m it is 2 (1 + m) / lambda_max. With MSE everything above it explodes. With Huber it holds near
        the best line, where no residual exceeds 1: above it a training bounces, but the steps stay bounded. There a
        residual r costs r * r / 2, half of MSE, so that the limit is twice as high. L1's steps have the same length
        wherever they are taken, and Adam scales its own: neither has such a limit.
        """
        largest = float(self.curvature[1])
        if config.optimizer != "sgd" or not largest:
            return None
        return 2 * (1 + config.momentum) / largest

    def exceeded(self, config: LinearConfig) -> bool:
        """Whether the learning rate is above its limit, where it has one."""
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
    """Of the train loss by weight and bias, at the best line: shape (2, 2)."""
    each = np.full(len(X), {"mse": 2.0, "l1": 0.0, "huber": 1.0}[loss])
    if loss == "huber":
        each[np.abs(best.weight * X + best.bias - y) > 1] = 0.0
    mixed = each @ X
    return np.array([[each @ (X * X), mixed], [mixed, each.sum()]]) / len(X)

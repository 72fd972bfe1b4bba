"""Limits that the data set before any training: the best possible loss, and the largest stable learning rate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....base.fields import Number, specs
from ..best_line import BestLine, best_fit, numbers, pointwise
from ..config import LinearConfig
from ..data import LineData

SIGHT = 0.015
"""Two lines look the same if they are closer than this share of the chart's height: about the radius of a point."""


def in_sight(apart: np.ndarray, plotted: np.ndarray, sight: np.ndarray | float) -> np.ndarray:
    """Which lines look like the best one, given how far their weight and bias are apart: (..., 2) -> (...)."""
    with np.errstate(over="ignore", invalid="ignore"):
        same: np.ndarray = ((apart @ plotted) * apart).sum(axis=-1) <= np.square(sight)
    return same


@dataclass(frozen=True)
class Limits:
    """The limits of one data set and one loss. `X` and `y` (N,) are the training points in 64 bits.

    `best` is the line with the least train loss, `best_test` its test loss. A train loss counts as good as the best if
    it exceeds it by at most `tolerance`: a thousandth of it, or the cost of moving the best line up or down by a
    hundredth of the spread of the points (the standard deviation of y; for a flat line, a hundredth of its height). On
    a chart, such a line cannot be told from the best one.

    `curvature` has the eigenvalues of the loss's second derivative at the best line, smallest first, along the
    `directions` (weight, bias), the columns of a (2, 2) array. L1 has no curvature: both are 0.

    A line looks like the best one if it is within `sight` of it, in units of y: the root mean square at all points. The
    moments of their (X, 1) are `plotted` (2, 2).
    """

    loss: str
    X: np.ndarray
    y: np.ndarray
    best: BestLine
    best_test: float
    tolerance: float
    curvature: np.ndarray
    directions: np.ndarray
    sight: float
    plotted: np.ndarray

    @property
    def determined(self) -> bool:
        """Whether the training points determine a line: at least two of them differ in X."""
        return bool(np.ptp(self.X) > 0)

    @property
    def far(self) -> bool:
        """Whether X is so far from 0 that a change of the weight moves the whole line up or down."""
        return self.determined and bool(abs(self.X.mean()) > 3 * self.X.std())

    @property
    def valley(self) -> float:
        """How many times longer than wide the valley of MSE is, whose shape X alone decides; infinite for one X."""
        mean, spread = float(self.X.mean()), float(self.X.std())
        total = mean**2 + spread**2 + 1  # of the two curvatures, whose product is the variance
        return (total + math.sqrt(max(total**2 - 4 * spread**2, 0.0))) / 2 / spread if spread else math.inf

    def look_best(self, lines: Sequence[tuple[float, float]] | np.ndarray) -> np.ndarray:
        """Which of these lines (n, 2) look like the best one on the chart: (n,)."""
        return in_sight(np.asarray(lines, dtype=float) - (self.best.weight, self.best.bias), self.plotted, self.sight)

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

    def offered_lr(self, config: LinearConfig) -> tuple[float, float]:
        """The learning rates that a slider needs: the usual ones and, for points of one's own, those that they ask for.

        That is down to a tenth of the limit or, where there is none, of the rate at which the steps of L1 stay within
        the tolerance; and up to a thirtieth of the best line's numbers where the steps do not grow with the loss.
        """
        spec = specs(config)["lr"]
        assert isinstance(spec, Number)
        (low, high), (lowest, highest) = spec.offered, spec.farthest
        if not config.points or config.standardise:
            return low, high
        limit, needed = self.lr(config), 0.0
        if limit is None or self.loss == "huber":
            needed = max(abs(self.best.weight), abs(self.best.bias)) / 30
        limit = limit or self.tolerance / (1 + float(np.mean(self.X**2)))
        least, most = 10.0 ** math.floor(math.log10(limit / 10)), 10.0 ** math.ceil(math.log10(max(limit, needed)))
        return max(min(low, least), lowest), min(max(high, most), highest)

    def exceeded(self, config: LinearConfig) -> bool:
        """Whether the learning rate is above its limit, if it has one."""
        limit = self.lr(config)
        return limit is not None and config.lr > limit


def limits_of(data: LineData, loss: str) -> Limits:
    """The limits of some data and a loss: "mse", "l1" or "huber"."""
    X, y, X_test, y_test = numbers(data.X_train, data.y_train, data.X_test, data.y_test)
    best = best_fit(X, y, loss)  # for the numbers that PyTorch sees
    curvature, directions = np.linalg.eigh(_second_derivative(X, y, best, loss))
    every = np.stack([np.append(X, X_test), np.ones(len(X) + len(X_test))])  # (2, N)
    return Limits(
        loss=loss,
        X=X,
        y=y,
        best=best,
        best_test=float(pointwise(loss, best.weight * X_test + best.bias - y_test).mean()),
        tolerance=_tolerance(X, y, best, loss),
        curvature=np.maximum(curvature, 0.0),
        directions=directions,
        sight=_sight(best, X, y, y_test),
        plotted=every @ every.T / every.shape[1],
    )


def _tolerance(X: np.ndarray, y: np.ndarray, best: BestLine, loss: str) -> float:
    spread = max(float(y.std()), math.sqrt(float(y @ y) / len(y)) / 100) or 1.0
    rest = best.weight * X + best.bias - y
    moved = [pointwise(loss, rest + shift).mean() for shift in (0.01 * spread, -0.01 * spread)]
    return max(0.001 * best.loss, float(np.mean(moved)) - best.loss)


def _sight(best: BestLine, X: np.ndarray, y: np.ndarray, y_test: np.ndarray) -> float:
    """On a chart of all points; where they scatter, a quarter of their distance from the best line cannot be seen."""
    height = max(float(np.ptp(np.append(y, y_test))), 0.1)
    scatter = float(np.sqrt(np.mean((best.weight * X + best.bias - y) ** 2)))
    return max(SIGHT * height, scatter / 4)


def _second_derivative(X: np.ndarray, y: np.ndarray, best: BestLine, loss: str) -> np.ndarray:
    """The Hessian (2, 2) of the train loss by weight and bias, at the best line."""
    each = np.full(len(X), {"mse": 2.0, "l1": 0.0, "huber": 1.0}[loss])
    if loss == "huber":
        each[np.abs(best.weight * X + best.bias - y) > 1] = 0.0
    mixed = each @ X
    return np.array([[each @ (X * X), mixed], [mixed, each.sum()]]) / len(X)

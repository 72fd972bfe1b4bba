"""The best line for a loss: the one with the least train loss."""

from dataclasses import dataclass

import numpy as np
import torch

from .data import LineData


@dataclass(frozen=True)
class BestLine:
    """The line of the least train loss: its `weight`, its `bias`, and that loss.

    If all training points have the same X, many lines are equally good, and this is the flat one.
    """

    weight: float
    bias: float
    loss: float


def best_line(data: LineData, loss: str) -> BestLine:
    """The line of the least train loss for "mse" (least squares), "l1" (least absolute deviations) or "huber".

    Computed in 64 bits, exact up to rounding. If several lines have the least L1, one of them.
    """
    X, y = numbers(*(data.exact or (data.X_train, data.y_train)))
    return best_fit(X, y, loss)


def best_fit(X: np.ndarray, y: np.ndarray, loss: str) -> BestLine:
    """The same for points (N,) in 64 bits."""
    weight, bias = BEST[loss](X, y)
    return BestLine(weight, bias, float(pointwise(loss, weight * X + bias - y).mean()))


def numbers(*columns: torch.Tensor) -> list[np.ndarray]:
    """Columns (N, 1) as arrays of 64 bits (N,)."""
    return [column.flatten().cpu().numpy().astype(float) for column in columns]


def pointwise(loss: str, residuals: np.ndarray) -> np.ndarray:
    """The loss of each residual (prediction minus y), before the mean; Huber as in `nn.HuberLoss(delta=1)`."""
    size: np.ndarray = np.abs(residuals)
    if loss == "huber":
        return np.where(size <= 1, 0.5 * size * size, size - 0.5)
    return size if loss == "l1" else np.square(size)


def slope(loss: str, residuals: np.ndarray) -> np.ndarray:
    """The derivative of `pointwise`, the loss of each point by its prediction."""
    slopes: np.ndarray = 2 * residuals if loss == "mse" else np.clip(residuals, -1, 1)
    return np.sign(slopes) if loss == "l1" else slopes


def _least_squares(X: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    x = X - X.mean()
    weight = float(x @ (y - y.mean()) / (x @ x)) if np.ptp(X) else 0.0
    return weight, float(np.mean(y - weight * X))


def _least_deviations(X: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Bisect the range of weights until two neighbouring floats are left.

    For a given weight, the best bias is a median of y - weight * X; what remains is a convex function of the weight.
    Its minimum lies between the least and the greatest slope from one point to the next.
    """
    middle = ((len(X) - 1) // 2, len(X) // 2)
    low, high = _slopes(X, y)
    while True:
        weight = (low + high) / 2
        rest = y - weight * X
        bias = float(np.partition(rest, middle)[list(middle)].mean())
        if not low < weight < high:
            return weight, bias
        signs = np.sign(rest - bias)
        on = signs == 0
        if on.any():  # points on the line have any subgradient from -1 to 1; take the one that balances the others
            signs[on] = -signs.sum() / on.sum()
        tilt = float(signs @ X)
        if tilt > 0:
            low = weight
        elif tilt < 0:
            high = weight
        else:
            return weight, bias


def _slopes(X: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The least and the greatest slope from a training point to one at the next X; 0 and 0 if all X are equal."""
    order = np.argsort(X, kind="stable")
    X, y = X[order], y[order]
    firsts = np.flatnonzero(np.diff(X, prepend=-np.inf))  # of the points with the same X
    if len(firsts) == 1:
        return 0.0, 0.0
    runs, lowest, highest = np.diff(X[firsts]), np.minimum.reduceat(y, firsts), np.maximum.reduceat(y, firsts)
    least, greatest = (lowest[1:] - highest[:-1]) / runs, (highest[1:] - lowest[:-1]) / runs
    return float(least.min()), float(greatest.max())


def _huber(X: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Newton's method, with half-steps while it overshoots; at the least squares where no residual exceeds 1."""
    line = np.array(_least_squares(X, y))
    if np.abs(line[0] * X + line[1] - y).max() <= 1 or not np.ptp(X):
        return (float(line[0]), float(line[1])) if np.ptp(X) else (0.0, _huber_mean(y))
    line = np.array(_least_deviations(X, y))
    A = np.stack([X - X.mean(), np.ones_like(X)], axis=1)  # (N, 2): centred, so that its columns are independent
    line[1] += line[0] * X.mean()
    best = pointwise("huber", A @ line - y).mean()
    for _ in range(100):
        rest = A @ line - y
        # The points within 1 give the curvature; a small share of the others keeps it positive if these are too few.
        inner = (np.abs(rest) <= 1) + 1e-3 / np.maximum(np.abs(rest), 1)
        step = np.linalg.solve(A.T @ (A * inner[:, None]), A.T @ slope("huber", rest))
        size = 1.0
        while (now := pointwise("huber", A @ (line - size * step) - y).mean()) > best and size > 1e-9:
            size /= 2
        if now >= best:
            break
        line, best = line - size * step, now
    return float(line[0]), float(line[1] - line[0] * X.mean())


def _huber_mean(y: np.ndarray) -> float:
    """The number with the least Huber loss to all of y, where the clipped residuals balance."""
    low, high = float(y.min()), float(y.max())
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if slope("huber", middle - y).sum() < 0 else (low, middle)
    return high


BEST = {"mse": _least_squares, "l1": _least_deviations, "huber": _huber}

"""What one point meant in every epoch of a run: how far the line was from it, and how hard it pulled."""

from dataclasses import dataclass

import numpy as np

from ...base.split import training_mask
from .best_line import slope
from .config import LinearConfig
from .run import LinearRun

BLOCK = 1_000_000
"""About this many slopes are in memory at once."""


@dataclass(frozen=True)
class Biography:
    """A point's numbers, one for each epoch (E,).

    `residuals` are prediction minus y in the units of the points, with the line after the epoch, as the charts show it.
    `weight_grads` and `bias_grads` are its part in the gradients of the epoch, which are sums over the training points.
    `shares` are its pull as a part of the pulls of all training points, from 0 to 1: a pull is the length of such a
    part. A point for testing pulls at nothing.
    """

    trains: bool
    residuals: np.ndarray
    weight_grads: np.ndarray
    bias_grads: np.ndarray
    shares: np.ndarray


def biography(run: LinearRun, point: int) -> Biography:
    """The biography of a point of the run, by its place among the points of its config."""
    data, history, config = run.data, run.history, run.config
    trains, place = side_of(config, point)
    weights, biases = (np.array(history.column(name), np.float32) for name in ("weight", "bias"))
    X, y = (data.X_train, data.y_train) if trains else (data.X_test, data.y_test)
    x, target = X[place].item(), y[place].item()
    residuals = (weights * np.float32(x) + biases - np.float32(target)).astype(float) * data.scale.y_std
    epochs = len(weights)
    if not trains or not epochs:
        nothing = np.zeros(epochs)
        return Biography(trains, residuals, nothing, nothing, nothing)
    slopes, shares = _pulls(run, _before(run.start["weight"], weights), _before(run.start["bias"], biases), place)
    return Biography(trains, residuals, slopes * x, slopes, shares)


def side_of(config: LinearConfig, point: int) -> tuple[bool, int]:
    """Whether a point is for training, and its place among those of its side."""
    if config.split_seed is None:
        first = config.train_points
        return point < first, point if point < first else point - first
    mask = training_mask(config.size, config.train_fraction, config.split_seed)
    trains = bool(mask[point])
    return trains, int((mask[:point] == trains).sum())


def _before(start: float, values: np.ndarray) -> np.ndarray:
    """The values before each epoch, given those after it."""
    return np.append(np.float32(start), values[:-1])


def _pulls(run: LinearRun, weights: np.ndarray, biases: np.ndarray, place: int) -> tuple[np.ndarray, np.ndarray]:
    """The part of a training point in the gradient of the bias, and its share, with the line before each epoch."""
    X, y = (tensor.flatten().cpu().numpy() for tensor in (run.data.X_train, run.data.y_train))
    lengths = np.hypot(X, 1)  # of the slope by weight and bias, for a slope of 1 by the prediction
    slopes, shares = np.empty(len(weights)), np.empty(len(weights))
    first = [epoch for epoch, _ in run.config.phases]
    for (begin, config), end in zip(run.config.phases, [*first[1:], len(weights)], strict=True):
        for at in range(begin, min(end, len(weights)), step := max(1, BLOCK // len(X))):
            part = slice(at, min(at + step, end, len(weights)))
            residuals = weights[part, None] * X + biases[part, None] - y  # (epochs, N)
            parts = slope(config.loss, residuals) / len(X)
            pulls = np.abs(parts) * lengths
            slopes[part], all_pulls = parts[:, place], pulls.sum(axis=1)
            shares[part] = np.divide(pulls[:, place], all_pulls, where=all_pulls > 0, out=np.zeros(len(pulls)))
    return slopes, shares

"""How many more epochs it takes to the best line, at the learning rate and the pace of a run."""

import math

import numpy as np

from ..best import pointwise, slope
from ..config import LinearConfig
from .evidence import Record
from .limits import Limits

NEVER = 1e9
"""Epochs that nobody waits for: an outlook is never longer."""

SAMPLE = 256
"""So many of the points tell how the loss slopes; of more than these, every k-th is taken."""

REACH = np.geomspace(0.01, 4, 20)
LEFT = np.concatenate([np.linspace(1, 0.05, 16), np.geomspace(0.04, 1e-3, 6), [0.0]])


def outlook(record: Record) -> float:
    """Epochs until the loss is as good as the best one; `NEVER` where it does not come closer.

    SGD: from the data, exactly for MSE, and for Huber where its loss is a parabola. Adam: by the pace of the last
    twentieth of the run, as if the excess went on falling by the same amount (L1) or the same factor (MSE, Huber).
    """
    if record.config.optimizer == "sgd":
        line = record.lines[-1]
        before = record.lines[-2] if record.epochs > 1 else line + record.config.lr * record.gradients[-1]
        return epochs_to_go(record.config, record.limits, line, before)
    return _by_pace(record)


def epochs_to_go(config: LinearConfig, limits: Limits, line: np.ndarray, before: np.ndarray) -> float:
    """Epochs that SGD takes from `line`, which came after `before`, to where it stays as good as the best line."""
    if is_parabola(limits, line):
        return _first_below(limits.tolerance, Swing(config, limits, line, before))
    pace = (1 - config.momentum) / config.lr
    if limits.loss == "huber":  # as far as the parabola, from where the rest is known
        times, lines = _way_down(limits, line)
        there = next(i for i, point in enumerate(lines) if is_parabola(limits, point))
        swing = Swing(config, limits, lines[there], lines[there])
        epochs = float(times[there]) * pace + _first_below(limits.tolerance, swing)
    else:
        epochs = descent(limits, line) * pace
    if config.momentum:  # what rolls takes its time to come to rest: each epoch leaves this part of it
        excess = limits.loss_at(*line) - limits.best.loss
        epochs = max(epochs, math.log(max(excess / limits.tolerance, 1)) / -math.log(config.momentum))
    return min(epochs, NEVER)


def calms_down(record: Record) -> bool:
    """Whether a formula says that the swings of a run die away: by a third in three times its length (60 at least)."""
    if record.config.optimizer != "sgd" or record.epochs < 2 or not is_parabola(record.limits, record.lines[-1]):
        return False
    now, later = Swing(record.config, record.limits, record.lines[-1], record.lines[-2]).bound(
        np.array([0.0, 3.0 * max(record.epochs, 20)])
    )
    return bool(later < 0.67 * now)


def stays(record: Record) -> bool:
    """Whether a run that is as good as the best now will still be so, most of the time, in its next 100 epochs.

    Only large steps on L1 pass by and leave: SGD takes these 100 here. On a parabola `Limits.exceeded` says it.
    """
    config, limits = record.config, record.limits
    if config.optimizer != "sgd":
        return True
    if config.loss != "l1":
        return not limits.exceeded(config)
    X, y = limits.X, limits.y
    weight, bias = (float(value) for value in record.lines[-1])
    before = record.lines[-2] if record.epochs > 1 else record.lines[-1]
    moves = weight - float(before[0]), bias - float(before[1])
    good = 0
    for _ in range(100):
        rest = weight * X + bias - y
        good += float(np.abs(rest).mean()) - limits.best.loss <= limits.tolerance
        tilt = np.sign(rest) * (config.lr / len(X))
        moves = config.momentum * moves[0] - float(tilt @ X), config.momentum * moves[1] - float(tilt.sum())
        weight, bias = weight + moves[0], bias + moves[1]
    return good > 50


def is_parabola(limits: Limits, line: np.ndarray) -> bool:
    """Whether the loss is the same parabola at this line as at the best one: MSE everywhere, L1 nowhere."""
    if limits.loss != "huber":
        return limits.loss == "mse"
    best = limits.best
    here, there = line[0] * limits.X + line[1], best.weight * limits.X + best.bias
    return bool(((np.abs(here - limits.y) <= 1) == (np.abs(there - limits.y) <= 1)).all())


class Swing:
    """SGD on a parabola: along each direction of curvature c, the distance d to the best line follows a recursion,

        d_next = (1 + m - lr c) d - m d_before,

    and is a sum of powers of the roots of r * r = (1 + m - lr c) r - m. Their sizes bound it in every epoch.
    """

    def __init__(self, config: LinearConfig, limits: Limits, line: np.ndarray, before: np.ndarray) -> None:
        best = np.array([limits.best.weight, limits.best.bias])
        self.now, self.before = limits.directions.T @ (line - best), limits.directions.T @ (before - best)
        self.curvature, self.lr, self.momentum = limits.curvature, config.lr, config.momentum

    def bound(self, epochs: np.ndarray) -> np.ndarray:
        """A bound of the excess after so many more epochs; without momentum, the excess itself."""
        m, excess = self.momentum, np.zeros_like(epochs)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            for curvature, d, d_before in zip(self.curvature, self.now, self.before, strict=True):
                middle = (1 + m - self.lr * curvature) / 2
                if m:
                    root = np.sqrt(complex(middle * middle - m)) or 1e-9  # two equal roots are told apart by a hair
                    one, two = middle + root, middle - root
                    first, second = (d - two * d_before) / (2 * root) * one, (one * d_before - d) / (2 * root) * two
                    size = abs(first) * abs(one) ** epochs + abs(second) * abs(two) ** epochs
                else:
                    size = d * abs(2 * middle) ** epochs
                excess += curvature * size * size / 2
        return excess


def _first_below(tolerance: float, swing: Swing) -> float:
    """The first epoch from which on the bound is within the tolerance."""
    low, high = 0.0, NEVER
    for look in range(3):  # each time, look closer where it comes within
        epochs = _between(low, high) if look else FAR
        above = np.flatnonzero(~(swing.bound(epochs) <= tolerance))
        if not len(above):
            return float(epochs[0])
        if above[-1] + 1 == len(epochs):
            return NEVER
        low, high = float(epochs[above[-1]]), float(epochs[above[-1] + 1])
    return high


def _between(low: float, high: float) -> np.ndarray:
    """At most 66 whole numbers from `low` to `high`, at nearly equal ratios."""
    inside = np.exp(np.linspace(math.log(low + 1), math.log(high + 1), 64)).round() - 1
    return np.unique(np.concatenate([[low], np.clip(inside, low, high), [high]]))


FAR = _between(0.0, NEVER)


def descent(limits: Limits, line: np.ndarray) -> float:
    """How much learning rate x epochs steepest descent spends from `line` to a loss as good as the best."""
    times, lines = _way_down(limits, line)
    rest = lines[:, :1] * limits.X + lines[:, 1:] - limits.y  # (points, N)
    above = np.flatnonzero(pointwise(limits.loss, rest).mean(axis=1) - limits.best.loss > limits.tolerance)
    return float(times[min(above[-1] + 1, len(times) - 1)]) if len(above) else 0.0


def _way_down(limits: Limits, line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The way of steepest descent from `line` to the best one, as points (K, 2), and when it comes by each of them.

    Down a slope of constant steepness s, the loss falls by s * s per unit of learning rate x epochs: a piece of the way
    takes its length squared over its drop. First comes the wall of the valley, straight down in up to 12 pieces; then
    its floor, straight on to the best line, in 22. Right to a fifth, for nine lines in ten.
    """
    every = -(-len(limits.X) // SAMPLE)
    X, y, loss = limits.X[::every], limits.y[::every], limits.loss
    weight, bias = float(line[0]), float(line[1])
    points, times = [(weight, bias)], [0.0]
    for _ in range(12):
        rest = weight * X + bias - y
        tilt = slope(loss, rest)
        down = float((tilt * X).mean()), float(tilt.mean())
        steep = down[0] ** 2 + down[1] ** 2
        if not steep:
            break
        reach = REACH * float(np.abs(rest).max()) / steep
        drop = pointwise(loss, rest).mean() - pointwise(loss, rest - reach[:, None] * (down[0] * X + down[1])).mean(
            axis=1
        )
        straight = np.flatnonzero(drop >= 0.9 * steep * reach)  # so far, the slope keeps most of its steepness
        if not len(straight):
            break
        end = straight[-1]
        weight, bias = weight - reach[end] * down[0], bias - reach[end] * down[1]
        points.append((weight, bias))
        times.append(float(reach[end] ** 2 * steep / drop[end]))

    best = limits.best
    weights, biases = best.weight + (weight - best.weight) * LEFT, best.bias + (bias - best.bias) * LEFT
    floor = pointwise(loss, weights[:, None] * X + biases[:, None] - y).mean(axis=1)
    drops = np.maximum(floor[:-1] - floor[1:], 1e-300)
    lines = np.concatenate([points, np.stack([weights, biases], axis=1)[1:]])
    with np.errstate(over="ignore"):  # a far way on which nothing falls takes for ever: infinity says just that
        on = (np.diff(weights) ** 2 + np.diff(biases) ** 2) / drops
        return np.cumsum(np.concatenate([times, on])), lines


def _by_pace(record: Record) -> float:
    few = max(1, (record.epochs + 1) // 20)
    before, now = record.level(few, few), record.level(few, 0)
    left = float(record.excess[-1])
    if now <= 0 or left <= record.limits.tolerance:
        return 0.0
    if not now < before:
        return NEVER
    if record.config.loss == "l1":
        return min(few * left / (before - now), NEVER)
    return min(few * math.log(left / record.limits.tolerance) / math.log(before / now), NEVER)

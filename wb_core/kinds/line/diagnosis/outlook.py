"""How many more epochs a run needs to reach the best line, at its learning rate and pace."""

import numpy as np

from ..config import LinearConfig
from .descent import descent_path, descents
from .evidence_base import EvidenceBase
from .limits import Limits
from .oscillation import NEVER, Oscillation, first_below
from .training_curves import TrainingCurves


def outlooks(curves: TrainingCurves) -> np.ndarray:
    """Epochs until the loss of each run is as good as the best: (R,); `NEVER` if it does not come closer.

    SGD: from the data, exactly for MSE, and for Huber where its loss is a parabola. Adam: from the pace of the last
    twentieth of the run, assuming that the excess keeps falling by the same amount (L1) or factor (MSE, Huber).
    """
    if curves.optimizer == "adam":
        return _by_pace(curves)
    lines, lr = curves.lines[:, -1], curves.lr
    before = curves.lines[:, -2] if curves.epochs > 1 else lines + lr[:, None] * curves.gradients[:, -1]
    return _all_to_go(curves.base, lr, curves.momentum, lines, before)


def epochs_to_go(config: LinearConfig, limits: Limits, line: np.ndarray, before: np.ndarray) -> float:
    """Epochs that SGD needs from `line`, which came after `before`, until it stays as good as the best line."""
    lr, momentum = np.array([config.lr]), np.array([config.momentum])
    return float(_all_to_go(EvidenceBase.of([limits]), lr, momentum, line[None], before[None])[0])


def descent(limits: Limits, line: np.ndarray) -> float:
    """The learning rate x epochs that steepest descent needs from `line` to a loss as good as the best."""
    return float(descents(EvidenceBase.of([limits]), line[None])[0])


def oscillation_decays(curves: TrainingCurves) -> np.ndarray:
    """Whether a formula says that the swings of a run shrink by a third within three times its length (at least 60)."""
    calm = np.zeros(len(curves), dtype=bool)
    if curves.optimizer != "sgd" or curves.epochs < 2:
        return calm
    rows = np.flatnonzero(curves.base.is_parabola(curves.lines[:, -1:])[:, 0])
    oscillation = Oscillation(
        curves.base.select(rows),
        curves.lr[rows],
        curves.momentum[rows],
        curves.lines[rows, -1],
        curves.lines[rows, -2],
    )
    now, later = oscillation.bound(np.array([[0.0, 3.0 * max(curves.epochs, 20)]])).T
    calm[rows] = later < 0.67 * now
    return calm


def stays_converged(curves: TrainingCurves) -> np.ndarray:
    """Whether a run that is as good as the best now stays so for most of its next 100 epochs: (R,).

    On a parabola `Limits.exceeded` decides. Only large steps on L1 may leave again, so these 100 epochs are simulated.
    """
    base = curves.base
    if curves.optimizer != "sgd":
        return np.ones(len(curves), dtype=bool)
    if base.loss != "l1":
        return ~curves.exceeded
    X, y, lr, momentum = base.X, base.y, curves.lr[:, None], curves.momentum[:, None]
    now, before = curves.lines[:, -1], curves.lines[:, -2 if curves.epochs > 1 else -1]
    good = np.zeros(len(curves), dtype=int)
    lines, moves = now.copy(), now - before
    for _ in range(100):
        rest = lines[:, :1] * X + lines[:, 1:] - y
        good += np.abs(rest).mean(axis=1) - base.least <= base.tolerance
        tilt = np.sign(rest) * (lr / len(X))
        moves = momentum * moves - np.stack([(tilt * X).sum(axis=1), tilt.sum(axis=1)], axis=1)
        lines += moves
    return good > 50


def _all_to_go(
    base: EvidenceBase, lr: np.ndarray, momentum: np.ndarray, lines: np.ndarray, before: np.ndarray
) -> np.ndarray:
    """`epochs_to_go` of R runs: (R,)."""
    parabola = base.is_parabola(lines[:, None])[:, 0]
    epochs = np.empty(len(lines))
    for rows, to_go in ((np.flatnonzero(parabola), _oscillating), (np.flatnonzero(~parabola), _descending)):
        if len(rows):
            epochs[rows] = to_go(base.select(rows), lr[rows], momentum[rows], lines[rows], before[rows])
    return epochs


def _oscillating(
    base: EvidenceBase, lr: np.ndarray, momentum: np.ndarray, lines: np.ndarray, before: np.ndarray
) -> np.ndarray:
    return first_below(base.tolerance, Oscillation(base, lr, momentum, lines, before))


def _descending(
    base: EvidenceBase, lr: np.ndarray, momentum: np.ndarray, lines: np.ndarray, _before: np.ndarray
) -> np.ndarray:
    pace = (1 - momentum) / lr
    if base.loss == "huber":  # descend as far as the parabola; a formula gives the rest
        times, points = descent_path(base, lines)
        there = base.is_parabola(points).argmax(axis=1)[:, None]
        time, line = np.take_along_axis(times, there, 1)[:, 0], np.take_along_axis(points, there[..., None], 1)[:, 0]
        epochs = time * pace + _oscillating(base, lr, momentum, line, line)
    else:
        epochs = descents(base, lines) * pace
    if momentum.any():  # momentum takes time to fade: each epoch leaves this share of it
        excess = base.losses_at(lines[:, None])[:, 0] - base.least
        epochs = np.maximum(epochs, np.log(np.maximum(excess / base.tolerance, 1)) / -np.log(momentum))
    to_go: np.ndarray = np.minimum(epochs, NEVER)
    return to_go


def _by_pace(curves: TrainingCurves) -> np.ndarray:
    few = max(1, (curves.epochs + 1) // 20)
    before, now, left = curves.level(few, few), curves.level(few, 0), curves.excess[:, -1]
    tolerance = curves.base.tolerance
    with np.errstate(divide="ignore", invalid="ignore"):  # such values are replaced below
        if curves.base.loss == "l1":
            more = few * left / (before - now)
        else:
            more = few * np.log(left / tolerance) / np.log(before / now)
    more = np.where(now < before, np.minimum(more, NEVER), NEVER)
    return np.where((now <= 0) | (left <= tolerance), 0.0, more)

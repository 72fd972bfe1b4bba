"""The way of steepest descent to the best line, and how long SGD takes for it."""

import numpy as np

from ..best_line import pointwise, slope
from .evidence_base import EvidenceBase, last_of

SAMPLE = 256
"""The number of points that the slope of the loss is computed from; of more points, every k-th is taken."""

PIECES = 12
REACH = np.geomspace(0.01, 4, 20)
LEFT = np.concatenate([np.linspace(1, 0.05, 16), np.geomspace(0.04, 1e-3, 6), [0.0]])


def descents(base: EvidenceBase, lines: np.ndarray) -> np.ndarray:
    """How much learning rate x epochs steepest descent spends from each of `lines` (R, 2) to a loss as good as the best
    one: (R,).
    """
    times, points = descent_path(base, lines)
    above = last_of(base.losses_at(points) - base.least[:, None] > base.tolerance[:, None])
    there = np.minimum(above + 1, times.shape[1] - 1)  # the first point is one that takes no time
    spent: np.ndarray = np.take_along_axis(times, there[:, None], axis=1)[:, 0]
    return spent


def descent_path(base: EvidenceBase, lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The way of steepest descent from each of `lines` (R, 2) to the best one: when it comes by K points (R, K), and
    these points (R, K, 2).

    Down a slope of constant steepness s, the loss falls by s * s per unit of learning rate x epochs: a piece of the way
    takes its length squared over its drop. First comes the wall of the valley, straight down in up to 12 pieces; then
    its floor, straight on to the best line, in 22. Right to a fifth, for nine lines in ten.
    """
    every = -(-len(base.X) // SAMPLE)
    X, y, loss = base.X[::every], base.y[:, ::every], base.loss
    wall_times, wall = _wall(loss, X, y, lines)
    best = base.best[:, None]  # (R, 1, 2)
    floor = best + (wall[:, -1:] - best) * LEFT[:, None]  # (R, 23, 2)
    heights = pointwise(loss, floor[..., :1] * X + floor[..., 1:] - y[:, None]).mean(axis=2)
    drops = np.maximum(heights[:, :-1] - heights[:, 1:], 1e-300)
    with np.errstate(over="ignore"):  # a far way on which nothing falls takes for ever: infinity says just that
        floor_times = (np.diff(floor, axis=1) ** 2).sum(axis=2) / drops
        times = np.cumsum(np.concatenate([wall_times, floor_times], axis=1), axis=1)
    return times, np.concatenate([wall, floor[:, 1:]], axis=1)


def _wall(loss: str, X: np.ndarray, y: np.ndarray, lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first 13 points of each way (R, 13, 2), and how long the piece up to each takes (R, 13).

    A piece ends where the slope has lost a tenth of its steepness. A way without any more has the same point again.
    """
    times, points = np.zeros((len(lines), PIECES + 1)), np.repeat(lines[:, None], PIECES + 1, axis=1)
    going = np.arange(len(lines))
    for piece in range(1, PIECES + 1):
        rest = points[going, piece, :1] * X + points[going, piece, 1:] - y[going]  # (going, N)
        tilt = slope(loss, rest)
        down = np.stack([(tilt * X).mean(axis=1), tilt.mean(axis=1)], axis=1)  # (going, 2)
        steep = (down**2).sum(axis=1)
        going, rest, down, steep = (each[steep > 0] for each in (going, rest, down, steep))
        reach = REACH * (np.abs(rest).max(axis=1) / steep)[:, None]  # (going, 20)
        fall = down[:, :1] * X + down[:, 1:]  # (going, N)
        there = pointwise(loss, rest[:, None] - reach[..., None] * fall[:, None]).mean(axis=2)
        drop = pointwise(loss, rest).mean(axis=1)[:, None] - there
        end = last_of(drop >= 0.9 * steep[:, None] * reach)
        found = np.flatnonzero(end >= 0)
        if not len(found):
            break
        going, end = going[found], end[found]
        far = reach[found, end]
        points[going, piece:] = (points[going, piece] - far[:, None] * down[found])[:, None]
        times[going, piece] = far**2 * steep[found] / drop[found, end]
    return times, points

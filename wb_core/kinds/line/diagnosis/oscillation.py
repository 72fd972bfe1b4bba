"""How SGD oscillates about the best line where the loss is a parabola: a formula gives every future epoch."""

import numpy as np

from .evidence_base import EvidenceBase, last_of

NEVER = 1e9
"""The longest outlook, in epochs."""


class Oscillation:
    """SGD on a parabola: along each direction of curvature c, the distance d to the best line follows a recursion,

        d_next = (1 + m - lr c) d - m d_before,

    and is a sum of powers of the roots of r * r = (1 + m - lr c) r - m. Their sizes bound it in every epoch.

    For R runs: `lr` and `momentum` (R,), which is 0 for all of them or for none; `lines` and those `before` (R, 2).
    """

    def __init__(
        self, base: EvidenceBase, lr: np.ndarray, momentum: np.ndarray, lines: np.ndarray, before: np.ndarray
    ) -> None:
        self.now, self.before = (_along(base.directions, each - base.best) for each in (lines, before))
        self.curvature, self.lr, self.momentum = base.curvature, lr[:, None], momentum[:, None]

    def bound(self, epochs: np.ndarray) -> np.ndarray:
        """An upper bound (R, K) of the excess after `epochs` (R, K) more; without momentum, the excess itself."""
        excess = np.zeros((len(self.now), epochs.shape[1]))
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            for which in (slice(0, 1), slice(1, 2)):  # columns (R, 1)
                curvature, d, d_before = self.curvature[:, which], self.now[:, which], self.before[:, which]
                middle = (1 + self.momentum - self.lr * curvature) / 2
                if self.momentum.any():
                    size = self._rolling(middle, d, d_before, epochs)
                else:
                    size = d * _powers(2 * middle, epochs)
                excess += curvature * size * size / 2
        return excess

    def _rolling(self, middle: np.ndarray, d: np.ndarray, d_before: np.ndarray, epochs: np.ndarray) -> np.ndarray:
        root = np.sqrt((middle * middle - self.momentum).astype(complex))
        root[root == 0] = 1e-9  # keep two equal roots slightly apart
        one, two = middle + root, middle - root
        first, second = (d - two * d_before) / (2 * root) * one, (one * d_before - d) / (2 * root) * two
        size: np.ndarray = np.abs(first) * _powers(one, epochs) + np.abs(second) * _powers(two, epochs)
        return size


def first_below(tolerance: np.ndarray, oscillation: Oscillation) -> np.ndarray:
    """The first epoch from which the bound of each run stays within its tolerance: (R,)."""
    epochs = np.repeat(FAR, len(tolerance), axis=0)  # (R, 66)
    high = epochs[:, -1]
    for _ in range(3):  # each round narrows the range
        last = last_of(~(oscillation.bound(epochs) <= tolerance[:, None]))
        # If it is within from the first epoch on, or not even in the last, both ends become that epoch.
        ends = np.stack([np.maximum(last, 0), np.minimum(last + 1, epochs.shape[1] - 1)], axis=1)
        low, high = np.take_along_axis(epochs, ends, axis=1).T
        epochs = _between(low, high)
    return high


def _along(directions: np.ndarray, away: np.ndarray) -> np.ndarray:
    """The components of `away` (R, 2) along the directions, the columns of (R, 2, 2)."""
    far: np.ndarray = (directions * away[:, :, None]).sum(axis=1)
    return far


def _powers(roots: np.ndarray, epochs: np.ndarray) -> np.ndarray:
    """The absolute values (R, K) of powers of the roots (R, 1)."""
    powers: np.ndarray = np.abs(roots) ** epochs
    return powers


STEPS = np.linspace(0, 1, 64)


def _between(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """For each run, 66 integers from `low` to `high` at nearly equal ratios, possibly repeated: (R, 66)."""
    low, high = low[:, None], high[:, None]
    start, end = np.log(low + 1), np.log(high + 1)
    inside = np.exp(start + (end - start) * STEPS).round() - 1
    return np.concatenate([low, np.clip(inside, low, high), high], axis=1)


FAR = _between(np.array([0.0]), np.array([NEVER]))

"""The limits of many runs, row by row, for rules that judge all of them at once."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..best_line import pointwise
from .limits import Limits, in_sight


@dataclass(frozen=True)
class EvidenceBase:
    """The `Limits` of R runs with the same loss and the same `X` (N,), a row for each run.

    `y` (R, N); `best` (R, 2), the weight and the bias of the best line, and `least` (R,) its loss; `tolerance` (R,),
    `curvature` (R, 2), `directions` (R, 2, 2), `sight` (R,), `plotted` (R, 2, 2).
    """

    loss: str
    X: np.ndarray
    y: np.ndarray
    best: np.ndarray
    least: np.ndarray
    tolerance: np.ndarray
    curvature: np.ndarray
    directions: np.ndarray
    sight: np.ndarray
    plotted: np.ndarray

    @classmethod
    def of(cls, limits: Sequence[Limits]) -> "EvidenceBase":
        """Combine the limits of one run or more."""
        return cls(
            limits[0].loss,
            limits[0].X,
            y=np.array([one.y for one in limits]),
            best=np.array([(one.best.weight, one.best.bias) for one in limits]),
            least=np.array([one.best.loss for one in limits]),
            tolerance=np.array([one.tolerance for one in limits]),
            curvature=np.array([one.curvature for one in limits]),
            directions=np.array([one.directions for one in limits]),
            sight=np.array([one.sight for one in limits]),
            plotted=np.array([one.plotted for one in limits]),
        )

    def select(self, rows: np.ndarray) -> "EvidenceBase":
        """Select some of the runs."""
        names = ("y", "best", "least", "tolerance", "curvature", "directions", "sight", "plotted")
        return dataclasses.replace(self, **{name: getattr(self, name)[rows] for name in names})

    def losses_at(self, lines: np.ndarray) -> np.ndarray:
        """The train losses of K lines (R, K, 2) for each run: (R, K); infinite where the numbers are too large."""
        with np.errstate(over="ignore"):
            losses: np.ndarray = pointwise(self.loss, self.residuals(lines)).mean(axis=2)
        return losses

    def residuals(self, lines: np.ndarray) -> np.ndarray:
        """The residuals of K lines (R, K, 2) for each run: (R, K, N)."""
        residuals: np.ndarray = lines[..., :1] * self.X + lines[..., 1:] - self.y[:, None]
        return residuals

    def look_best(self, lines: np.ndarray) -> np.ndarray:
        """Which of K lines (R, K, 2) look like the best one on the chart: (R, K)."""
        return in_sight(lines - self.best[:, None], self.plotted, self.sight[:, None])

    def is_parabola(self, lines: np.ndarray) -> np.ndarray:
        """Whether the loss at K lines (R, K, 2) is the same parabola as at the best one: (R, K).

        With MSE this holds everywhere, with L1 nowhere, with Huber where the same residuals exceed 1.
        """
        if self.loss != "huber":
            return np.full(lines.shape[:2], self.loss == "mse")
        here, there = np.abs(self.residuals(lines)) <= 1, np.abs(self.residuals(self.best[:, None])) <= 1
        same: np.ndarray = (here == there).all(axis=2)
        return same


def last_of(holds: np.ndarray) -> np.ndarray:
    """The index of the last True in each row (R, K): (R,); -1 if there is none."""
    last: np.ndarray = np.where(holds.any(axis=1), holds.shape[1] - 1 - holds[:, ::-1].argmax(axis=1), -1)
    return last

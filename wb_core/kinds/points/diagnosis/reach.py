"""What can be reached: on these points by any model, and by this network in a trial."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import torch
from torch.nn import functional

from ....base.fields import with_checked
from ..batch import Batch
from ..config import PointsConfig
from ..data import points_data

WIDTHS = (0.1, 0.2, 0.4, 0.8)
"""Of the kernels, in standard deviations of the points."""

SAMPLE = 500  # points, to judge what can be reached

DEFAULT = PointsConfig()

OF_POINTS = ("data", "own", "points", "noise", "classes", "train_fraction", "seed")
"""The settings on which the points depend."""

TRIAL_STARTS, TRIAL_EPOCHS, TRIAL_LR = 4, 400, 0.03


class Reach:
    """What can be reached, each answer found once for as long as this lives."""

    def __init__(self) -> None:
        self._reachable = lru_cache(maxsize=64)(_reachable)
        self._tried = lru_cache(maxsize=256)(_tried)

    def reachable(self, config: PointsConfig) -> float:
        """How many percent of the points a smooth classifier gets right that learned from all others.

        It is kernel regression, the best of a few, whose errors on left-out points have a closed form: those on all
        points, divided by 1 minus the diagonal of the hat matrix.
        """
        return self._reachable(_like(config, OF_POINTS))

    def in_reach(self, config: PointsConfig) -> float:
        """The best accuracy, in percent, of this network on its training points in a trial: Adam from a few starts."""
        trial = {"optimizer": "adam", "lr": TRIAL_LR, "epochs": TRIAL_EPOCHS}
        return self._tried(with_checked(_like(config, (*OF_POINTS, "features", "hidden", "activation")), trial))


def _like(config: PointsConfig, names: Iterable[str]) -> PointsConfig:
    """The default settings, but some like those of another config."""
    return with_checked(DEFAULT, {name: getattr(config, name) for name in names})


def _reachable(config: PointsConfig) -> float:
    data = points_data(config)
    X, y = data.points_train[:SAMPLE].double(), data.y_train[:SAMPLE].long()
    apart = torch.cdist(X, X).square() / X.var()
    wanted = 2.0 * functional.one_hot(y).double() - 1  # (N, classes)
    best = 0.0
    for width in WIDTHS:
        kernel = torch.exp(-apart / (2 * width**2))
        hat = torch.linalg.solve(kernel + 0.1 * torch.eye(len(X), dtype=torch.float64), kernel)
        left_out = wanted - (wanted - hat @ wanted) / (1 - hat.diagonal()).unsqueeze(1)
        best = max(best, 100 * float((left_out.argmax(dim=1) == y).double().mean()))
    return best


def _tried(config: PointsConfig) -> float:
    batch = Batch([config] * TRIAL_STARTS)
    for row in range(1, TRIAL_STARTS):  # the points stay those of the seed, only the start is another one
        batch.start(row, replace(config, seed=(config.seed + row) % 2**32))
    while not batch.done:
        batch.advance()
    return float(batch.record[-TRIAL_EPOCHS // 10 :, 2].mean(dim=0).max())


_OF_PATTERNS = Reach()


def reach_of(config: PointsConfig) -> Reach:
    """What is remembered for all visitors, but not of a visitor's own points, which end with the visit."""
    return Reach() if config.own else _OF_PATTERNS

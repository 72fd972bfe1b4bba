"""What can be reached: on these points by any model, and by this network in a trial."""

from dataclasses import replace
from functools import lru_cache

import torch
from torch.nn import functional

from ..batch import Batch
from ..config import PointsConfig
from ..data import points_data

WIDTHS = (0.1, 0.2, 0.4, 0.8)
"""Of the kernels, in standard deviations of the points."""

SAMPLE = 500  # points, to judge what can be reached

OF_POINTS = ("data", "own", "points", "noise", "classes", "train_fraction", "seed")
"""The settings on which the points depend."""

TRIAL_STARTS, TRIAL_EPOCHS, TRIAL_LR = 4, 400, 0.03


def reachable(config: PointsConfig) -> float:
    """How many percent of the points a smooth classifier gets right that learned from all others: the best of a few.

    It is kernel regression, whose errors on left-out points have a closed form: those on all points, divided by
    1 minus the diagonal of the hat matrix.
    """
    data = replace(PointsConfig(), **{name: getattr(config, name) for name in OF_POINTS})
    # A cache would keep a visitor's own points when the visit has ended.
    return (_reachable.__wrapped__ if config.own else _reachable)(data)


@lru_cache(maxsize=64)
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


def in_reach(config: PointsConfig) -> float:
    """The best accuracy, in percent, of this network on its training points in a trial: Adam from a few starts."""
    trial = replace(
        PointsConfig(),
        **{name: getattr(config, name) for name in (*OF_POINTS, "features", "hidden", "activation")},
        optimizer="adam",
        lr=TRIAL_LR,
        epochs=TRIAL_EPOCHS,
    )
    return (_tried.__wrapped__ if config.own else _tried)(trial)


@lru_cache(maxsize=256)
def _tried(config: PointsConfig) -> float:
    batch = Batch([config] * TRIAL_STARTS)
    for row in range(1, TRIAL_STARTS):  # the points stay those of the seed, only the start is another one
        batch.start(row, replace(config, seed=(config.seed + row) % 2**32))
    while not batch.done:
        batch.advance()
    return float(batch.record[-TRIAL_EPOCHS // 10 :, 2].mean(dim=0).max())

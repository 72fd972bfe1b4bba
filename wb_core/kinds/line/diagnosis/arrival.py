"""How many more epochs a run needs, tried out before it is said."""

import dataclasses
import math

import numpy as np

from .evidence import TrainingCurve
from .oscillation import NEVER
from .trial import CALM, Trial

LONGEST = 6_000
"""A trial of more epochs is replaced by one with larger steps."""


def arrival(curve: TrainingCurve, estimate: float) -> dict[str, float]:
    """How many more epochs a run needs if it goes on, starting from an `estimate` (nan if there is none).

    `more`: until its loss is as good as the best. The estimate, if the trial agrees within a half, else what the trial
    says. `near`: until the line looks like the best one, if the trial gets no further. What it does not find within
    three times the estimate is missing.
    """
    known = math.isfinite(estimate) and estimate < NEVER
    horizon = max(3 * estimate, 200.0) + 2 * CALM if known else 4.0 * max(curve.epochs, 100)
    coarse = _coarse(curve, horizon)
    if horizon > coarse * LONGEST:
        return {}
    trial = Trial.resumed(curve)
    trial.config = dataclasses.replace(curve.config, lr=curve.config.lr * coarse)
    if trial.advance(math.ceil(horizon / coarse), until_calm=True):
        more = float(trial.since * coarse)
        return {"more": estimate if known and more / 1.5 - CALM <= estimate <= 1.5 * more + CALM else more}
    if curve.looks_best or not trial.looks_best:
        return {}
    apart = ~curve.limits.look_best(np.array(trial.lines))
    near = float((np.flatnonzero(apart)[-1] + 1 if apart.any() else 0) * coarse)
    return {"near": near}


def _coarse(curve: TrainingCurve, horizon: float) -> int:
    """How many epochs of plain SGD one larger step may stand for, in a trial that stays well below the limit."""
    config, limit = curve.config, curve.limits.lr(curve.config)
    if config.optimizer != "sgd" or config.momentum or horizon <= LONGEST:
        return 1
    most = math.inf if limit is None else limit / 4 / config.lr
    return max(1, int(min(math.ceil(horizon / LONGEST), most)))

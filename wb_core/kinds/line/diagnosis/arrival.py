"""How many more epochs a run needs, tried out before it is said."""

import math

import numpy as np

from ....base.fields import with_checked
from ..config import LinearConfig
from .evidence import TrainingCurve
from .oscillation import NEVER
from .trial import CALM, Trial

LONGEST = 6_000
"""A trial of more epochs is replaced by one with larger steps."""


def arrival(curve: TrainingCurve, estimate: float) -> dict[str, float]:
    """How many more epochs a run needs if it goes on, starting from an `estimate` (nan if there is none).

    `more`: until its loss is as good as the best. The estimate, if the trial agrees within a half, else what the trial
    says. `near`: until the line looks like the best one, if the trial gets no further. Missing is what the trial does
    not find within three times the estimate, and, for a run that swings, what changes if the start is moved a little.
    """
    known = math.isfinite(estimate) and estimate < NEVER
    horizon = max(3 * estimate, 200.0) + 2 * CALM if known else 4.0 * max(curve.epochs, 100)
    coarse = _coarse(curve, horizon)
    if horizon > coarse * LONGEST:
        return {}
    found = _tried(curve, horizon, coarse)
    if _swings(curve.config):
        # Swings may be chaotic: then a tiny change of the start changes the number, and none is known.
        again = _tried(curve, horizon, coarse, nudge=1e-5)
        if found.keys() != again.keys() or any(not _agree(again[name], number) for name, number in found.items()):
            return {}
    if "more" in found and known and _agree(estimate, found["more"]):
        return {"more": estimate}
    return found


def _agree(one: float, other: float) -> bool:
    """Whether two numbers of epochs are the same within a half."""
    return other / 1.5 - CALM <= one <= 1.5 * other + CALM


def _tried(curve: TrainingCurve, horizon: float, coarse: int, nudge: float = 0.0) -> dict[str, float]:
    """What a trial of `horizon` epochs says, from a start that is moved by a share `nudge`."""
    trial = Trial.resumed(curve, nudge)
    trial.config = with_checked(curve.config, {"lr": curve.config.lr * coarse})  # perhaps beyond what is allowed
    if trial.advance(math.ceil(horizon / coarse), until_calm=True):
        more = float(trial.since * coarse)
        return {"more": more} if not _swings(curve.config) or _stays(trial) else {}
    if curve.looks_best or not trial.looks_best or (coarse > 1 and _swings(curve.config)):
        return {}  # larger steps swing more
    apart = ~curve.limits.look_best(np.array(trial.lines))
    near = float((np.flatnonzero(apart)[-1] + 1 if apart.any() else 0) * coarse)
    return {"near": near}


def _swings(config: LinearConfig) -> bool:
    """Whether a run may leave the best line again after it got there."""
    return config.loss == "l1" or config.momentum > 0 or config.optimizer == "adam"


def _stays(trial: Trial) -> bool:
    """Whether a trial that has arrived is still there after three times as long."""
    since = trial.since
    trial.advance(2 * since + 100)
    return not trial.failed and trial.since <= 1.5 * since


def _coarse(curve: TrainingCurve, horizon: float) -> int:
    """How many epochs of plain SGD one larger step may stand for, in a trial that stays well below the limit."""
    config, limit = curve.config, curve.limits.lr(curve.config)
    if config.optimizer != "sgd" or config.momentum or horizon <= LONGEST:
        return 1
    most = math.inf if limit is None else limit / 4 / config.lr
    return max(1, int(min(math.ceil(horizon / LONGEST), most)))

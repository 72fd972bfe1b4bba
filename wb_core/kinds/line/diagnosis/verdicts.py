"""The rules of the doctor, for many runs at once: which label each of them has."""

from dataclasses import dataclass

import numpy as np

from .evidence_base import last_of
from .oscillation import NEVER
from .outlook import calms_down, outlooks, stays
from .training_curves import TrainingCurves

FEW = 100
"""A shorter run is judged as one of this many epochs: its learning rate is not the cause."""

PATIENCE = 4
"""A run that needs up to this many times its epochs is not too slow."""


@dataclass(frozen=True)
class Verdicts:
    """The `labels` of R runs. Since when those that are "optimum" or "converged" were as good as the best, as a place
    in their losses, and how many epochs `more` those take that are "learning" or "too_slow", or nan where that cannot
    be told.
    """

    labels: np.ndarray
    since: np.ndarray
    more: np.ndarray


def judge(curves: TrainingCurves) -> Verdicts:
    """The rules that `diagnose` gives in words, for runs whose numbers all stayed finite."""
    since = last_of(curves.excess > curves.base.tolerance[:, None]) + 1
    found = Verdicts(np.full(len(curves), "", dtype=object), since, np.full(len(curves), np.nan))
    found.labels[_explodes(curves)] = "exploding"
    open_ = found.labels == ""
    found.labels[open_ & (since == 0)] = "optimum"
    n = curves.epochs
    rows = np.flatnonzero(open_ & (since > 0) & (n + 1 - since >= max(5, n // 10)))
    if len(rows):
        found.labels[rows[stays(curves.some(rows))]] = "converged"
    rows = np.flatnonzero(found.labels == "")
    if len(rows):
        found.labels[rows], found.more[rows] = _moving(curves if len(rows) == len(curves) else curves.some(rows))
    return found


def _explodes(curves: TrainingCurves) -> np.ndarray:
    if not curves.sgd_on_mse:
        return np.zeros(len(curves), dtype=bool)
    rising = (curves.excess[:, -1] > curves.base.tolerance) & (curves.losses.argmin(axis=1) < curves.epochs)
    explodes: np.ndarray = curves.exceeded & rising
    return explodes


def _moving(curves: TrainingCurves) -> tuple[np.ndarray, np.ndarray]:
    """Which of the runs are "learning", "too_slow" or "bouncing", and how many epochs more they take."""
    swings, formula = curves.oscillates, curves.sgd_on_mse
    settles = np.zeros(len(curves), dtype=bool)  # of those that swing, whether they get somewhere
    rows = np.flatnonzero(swings & curves.gained)
    if len(rows):
        some = curves.some(rows)
        settles[rows] = calms_down(some) | some.sinks
    more = np.full(len(curves), NEVER)
    rows = np.flatnonzero(~swings | settles | formula)
    if len(rows):
        more[rows] = outlooks(curves.some(rows))
    # What is still sinking above its limit will not be too slow for long.
    soon = (more <= PATIENCE * max(curves.epochs, FEW)) | curves.exceeded
    bouncing = swings & ~(settles | (curves.gained & soon & formula))
    labels = np.where(bouncing, "bouncing", np.where(soon | swings, "learning", "too_slow"))
    return labels, np.where((more < NEVER) & (soon | ~swings), more, np.nan)

"""The rules that give a label to each run, for many runs at once."""

from dataclasses import dataclass

import numpy as np

from .evidence_base import last_of
from .oscillation import NEVER
from .outlook import oscillation_decays, outlooks, stays_converged
from .training_curves import TrainingCurves

FEW = 100
"""A shorter run is judged as if it had this many epochs, because its length says nothing about its learning rate."""

PATIENCE = 4
"""A run that needs at most this many times its epochs is not too slow."""


@dataclass(frozen=True)
class Verdicts:
    """The `labels` of R runs, and which of those that have not settled are `good`: their last lines look like the best.

    `since` is the index of the loss since which an "optimum" or "converged" run was as good as the best. `more` is how
    many more epochs a "learning" or "too_slow" run needs, or nan if unknown.
    """

    labels: np.ndarray
    good: np.ndarray
    since: np.ndarray
    more: np.ndarray


def judge(curves: TrainingCurves) -> Verdicts:
    """Apply the rules that `diagnose` describes to runs whose numbers all stayed finite."""
    since = last_of(curves.excess > curves.base.tolerance[:, None]) + 1
    labels, good = np.full(len(curves), "", dtype=object), np.zeros(len(curves), dtype=bool)
    found = Verdicts(labels, good, since, np.full(len(curves), np.nan))
    found.labels[_explodes(curves)] = "exploding"
    open_ = found.labels == ""
    found.labels[open_ & (since == 0)] = "optimum"
    n = curves.epochs
    rows = np.flatnonzero(open_ & (since > 0) & (n + 1 - since >= max(5, n // 10)))
    if len(rows):
        found.labels[rows[stays_converged(curves.select(rows))]] = "converged"
    rows = np.flatnonzero(found.labels == "")
    if len(rows):
        moving = curves if len(rows) == len(curves) else curves.select(rows)
        found.labels[rows], found.more[rows] = _moving(moving)
        found.good[rows] = moving.look_best
    return found


def _explodes(curves: TrainingCurves) -> np.ndarray:
    if not curves.sgd_on_mse:
        return np.zeros(len(curves), dtype=bool)
    rising = (curves.excess[:, -1] > curves.base.tolerance) & (curves.losses.argmin(axis=1) < curves.epochs)
    explodes: np.ndarray = curves.exceeded & rising
    return explodes


def _moving(curves: TrainingCurves) -> tuple[np.ndarray, np.ndarray]:
    """Which runs are "learning", "too_slow" or "bouncing", and how many more epochs they need."""
    swings, formula = curves.oscillates, curves.sgd_on_mse
    settles = np.zeros(len(curves), dtype=bool)  # oscillating runs that make progress
    rows = np.flatnonzero(swings & curves.gained)
    if len(rows):
        some = curves.select(rows)
        settles[rows] = oscillation_decays(some) | some.sinks
    settles |= swings & curves.returns
    more = np.full(len(curves), NEVER)
    rows = np.flatnonzero(~swings | settles | formula)
    if len(rows):
        more[rows] = outlooks(curves.select(rows))
    # A run that still sinks above its limit will not be too slow for long.
    soon = (more <= PATIENCE * max(curves.epochs, FEW)) | curves.exceeded
    bouncing = swings & ~(settles | (curves.gained & soon & formula))
    labels = np.where(bouncing, "bouncing", np.where(soon | swings, "learning", "too_slow"))
    return labels, np.where((more < NEVER) & (soon | ~swings), more, np.nan)

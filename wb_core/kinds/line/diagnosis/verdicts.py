"""The rules of the doctor, for many runs at once: which label each of them has."""

from dataclasses import dataclass

import numpy as np

from .evidence_base import last_of
from .oscillation import NEVER
from .outlook import calms_down, outlooks, stays
from .records import Records

FEW = 100
"""A run of fewer epochs is judged as one of so many: its learning rate is not to blame for that."""

PATIENCE = 4
"""What takes at most so many times the epochs of a run is not too slow."""


@dataclass(frozen=True)
class Verdicts:
    """The `labels` of R runs. Since when those that are "optimum" or "converged" were as good as the best, as a place
    in their losses, and how many epochs `more` those take that are "learning" or "too_slow", or nan where that cannot
    be told.
    """

    labels: np.ndarray
    since: np.ndarray
    more: np.ndarray


def judge(records: Records) -> Verdicts:
    """The rules that `diagnose` gives in words, for runs whose numbers all stayed finite."""
    since = last_of(records.excess > records.grounds.tolerance[:, None]) + 1
    found = Verdicts(np.full(len(records), "", dtype=object), since, np.full(len(records), np.nan))
    found.labels[_explodes(records)] = "exploding"
    open_ = found.labels == ""
    found.labels[open_ & (since == 0)] = "optimum"
    n = records.epochs
    rows = np.flatnonzero(open_ & (since > 0) & (n + 1 - since >= max(5, n // 10)))
    if len(rows):
        found.labels[rows[stays(records.some(rows))]] = "converged"
    rows = np.flatnonzero(found.labels == "")
    if len(rows):
        found.labels[rows], found.more[rows] = _moving(records if len(rows) == len(records) else records.some(rows))
    return found


def _explodes(records: Records) -> np.ndarray:
    if not records.sgd_on_mse:
        return np.zeros(len(records), dtype=bool)
    rising = (records.excess[:, -1] > records.grounds.tolerance) & (records.losses.argmin(axis=1) < records.epochs)
    explodes: np.ndarray = records.exceeded & rising
    return explodes


def _moving(records: Records) -> tuple[np.ndarray, np.ndarray]:
    """Which of the runs are "learning", "too_slow" or "bouncing", and how many epochs more they take."""
    swings, formula = records.swings, records.sgd_on_mse
    settles = np.zeros(len(records), dtype=bool)  # of those that swing, whether they get somewhere
    rows = np.flatnonzero(swings & records.gained)
    if len(rows):
        some = records.some(rows)
        settles[rows] = calms_down(some) | some.sinks
    more = np.full(len(records), NEVER)
    rows = np.flatnonzero(~swings | settles | formula)
    if len(rows):
        more[rows] = outlooks(records.some(rows))
    # What is still sinking above its limit will not be too slow for long.
    soon = (more <= PATIENCE * max(records.epochs, FEW)) | records.exceeded
    bouncing = swings & ~(settles | (records.gained & soon & formula))
    labels = np.where(bouncing, "bouncing", np.where(soon | swings, "learning", "too_slow"))
    return labels, np.where((more < NEVER) & (soon | ~swings), more, np.nan)

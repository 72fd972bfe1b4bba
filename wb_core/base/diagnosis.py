"""What the doctor says, as plain data: ids and numbers that a page puts into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DIAGNOSES = ("learning", "converged", "too_slow", "bouncing", "exploding", "optimum")
"""The ids of all diagnoses; see `diagnose` for what each means."""


@dataclass(frozen=True)
class Suggestion:
    """One thing to try: settings to change (config field -> value), then a new training, or more of the same one.

    With `resume` the run goes on as it is, for as many epochs more as `changes["epochs"]` says. Every value is one that
    the field's control offers.
    """

    changes: Mapping[str, float | int | str]
    resume: bool = False


@dataclass(frozen=True)
class Finding:
    """Something the curves show beside the diagnosis: "overfitting" or "unlike_test", and its numbers."""

    label: str
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class Diagnosis:
    """What a history shows: one of `DIAGNOSES`, the epochs (first, last) it speaks of, and the numbers that show it.

    `evidence` holds finite numbers alone; `findings` is what else there is to say, `suggestion` the one thing to try.
    """

    label: str
    epochs: tuple[int, int]
    evidence: Mapping[str, float]
    suggestion: Suggestion | None = None
    findings: tuple[Finding, ...] = field(default=())

"""A diagnosis as plain data: ids and numbers that a page puts into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DIAGNOSES = ("learning", "converged", "too_slow", "bouncing", "exploding", "optimum")
"""The ids of all diagnoses; see `diagnose` for what each means."""


@dataclass(frozen=True)
class Suggestion:
    """One thing to try: settings to change (config field -> value), then a new run, or more epochs of this one.

    With `resume` the same run continues for `changes["epochs"]` more epochs. The field's control offers every value.
    """

    changes: Mapping[str, Any]
    resume: bool = False


@dataclass(frozen=True)
class Finding:
    """Something to say in addition to the diagnosis: its label, such as "overfitting", and its numbers."""

    label: str
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class Diagnosis:
    """What a history shows: one of `DIAGNOSES`, the epochs (first, last) it is about, and the numbers behind it.

    All numbers in `evidence` are finite. `findings` are further observations, `causes` say why it is so, and
    `suggestion` is one thing to try. With `good`, the result cannot be told from the best one by eye,
    whatever the label says.
    """

    label: str
    epochs: tuple[int, int]
    evidence: Mapping[str, float]
    suggestion: Suggestion | None = None
    findings: tuple[Finding, ...] = field(default=())
    causes: tuple[Finding, ...] = field(default=())
    good: bool = False

    @property
    def verdict(self) -> str:
        """The label, or "good" if there is nothing to make better."""
        return "good" if self.good else self.label

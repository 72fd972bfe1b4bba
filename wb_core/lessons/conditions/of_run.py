"""Conditions on a run, and on the change to its loop."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...base.errors import ConfigError
from ...base.fields import Number, defaults, specs
from ...base.points import points_fields
from ...kinds import Kind
from ...kinds.images.data import true_classes
from ...kinds.images.predictions import Predictions
from ...kinds.line.microscope import WHAT_IFS
from ...records import RunRecord
from .. import checked
from ..checked import bad_value
from ..places import MAX_SETTINGS, PLACES, Place, Shown, Walk, run_of
from .condition import Condition, Look

GOOD = "good"
"""The label of a line that cannot be told from the best one by eye, whatever else its diagnosis says."""

LATEST = 1_000_000  # epochs


class OfRun(Condition):
    """A condition on a run."""

    def check(self, place: Place) -> None:
        if place.kind is None:
            raise bad_value("conditions")
        self.check_kind(place.kind)

    def check_kind(self, kind: Kind) -> None:
        """The same for the runs of this kind."""

    def look(self, shown: Shown) -> Look:
        run = run_of(shown)
        if run is None:
            raise TypeError("these tensors have no run")
        return self.look_at(run)

    @abstractmethod
    def look_at(self, run: RunRecord) -> Look:
        """Whether this run meets the condition."""


@dataclass(frozen=True)
class Metric(OfRun):
    """A column of the history is within bounds: in epoch `at`, counted from 0, at the "end", or in "any" epoch.

    A run that diverged has no end.
    """

    column: str
    at: int | str = "end"
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if self.at not in ("end", "any"):
            checked.whole("at", self.at, 0, LATEST)
        low, high = checked.bounds("at_least", self.at_least, self.at_most)
        checked.put(self, at_least=low, at_most=high)

    def check_kind(self, kind: Kind) -> None:
        checked.name("column", self.column, kind.run.columns)

    def look_at(self, run: RunRecord) -> Look:
        bounds = {"column": self.column, "at_least": self.at_least, "at_most": self.at_most, "at": self.at}
        values = run.column(self.column)
        if self.at == "end" and run.diverged_at is not None:
            return Look(False, run.diverged_at, bounds)
        if not values or (isinstance(self.at, int) and self.at >= len(values)):
            return Look(False, None, {**bounds, "epochs": len(values)})
        if self.at == "any":
            epoch = min(range(len(values)), key=lambda one: checked.beyond(values[one], self.at_least, self.at_most))
        else:
            epoch = len(values) - 1 if self.at == "end" else int(self.at)
        value = values[epoch]
        met = checked.beyond(value, self.at_least, self.at_most) == 0
        return Look(met, epoch, {**bounds, "value": value})


@dataclass(frozen=True)
class Label(OfRun):
    """The diagnosis, or one of its findings, is `one_of` these, and `none_of` those. "good" counts as a label."""

    one_of: Sequence[str] = ()
    none_of: Sequence[str] = ()

    def __post_init__(self) -> None:
        one_of, none_of = (
            checked.some("one_of", some, 12, lambda one: checked.text("one_of", one, 40))
            for some in (self.one_of, self.none_of)
        )
        checked.put(self, one_of=one_of, none_of=none_of)
        if not self.one_of and not self.none_of:
            raise bad_value("one_of")

    def check_kind(self, kind: Kind) -> None:
        for label in (*self.one_of, *self.none_of):
            checked.name("one_of", label, (*kind.diagnoses, *kind.findings, GOOD))

    def look_at(self, run: RunRecord) -> Look:
        diagnosis = run.diagnosis
        labels = {diagnosis.label, *(finding.label for finding in diagnosis.findings)}
        labels |= {GOOD} if diagnosis.good else set()
        wrong = sorted(labels.intersection(self.none_of))
        met = not wrong and (not self.one_of or not labels.isdisjoint(self.one_of))
        said = wrong[0] if wrong else GOOD if diagnosis.good else diagnosis.label
        since = diagnosis.evidence.get("since") or diagnosis.epochs[0] or diagnosis.epochs[1]
        exploded = run.diverged_at is not None
        values = {"label": said, "exploded": exploded, "one_of": self.one_of, "none_of": self.none_of}
        return Look(met, int(since), values)


@dataclass(frozen=True)
class ConfidentMistakes(OfRun):
    """The number of test pictures of which the model is wrong and at least `confidence` percent sure is within bounds.

    A run that diverged before its first test has none.
    """

    confidence: float
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if not 10 <= checked.number("confidence", self.confidence) <= 100:
            raise bad_value("confidence")
        low, high = checked.bounds("at_least", self.at_least, self.at_most)
        checked.put(self, at_least=low, at_most=high)

    def check_kind(self, kind: Kind) -> None:
        if kind is not PLACES["images"].kind:
            raise bad_value("conditions")

    def look_at(self, run: RunRecord) -> Look:
        bounds = {"confidence": self.confidence, "at_least": self.at_least, "at_most": self.at_most}
        if run.evaluation is None:
            return Look(False, run.diverged_at, bounds)
        predictions = Predictions(run.evaluation.logits, true_classes(run.config.dataset))
        count = predictions.confident_mistakes(self.confidence)
        met = checked.beyond(count, self.at_least, self.at_most) == 0
        return Look(met, run.epochs - 1, {**bounds, "count": count, "wrong": int((~predictions.right).sum())})


@dataclass(frozen=True)
class Setting(OfRun):
    """A setting of the run is within bounds, or one of these texts, which read as in a link."""

    name: str
    at_least: float | None = None
    at_most: float | None = None
    one_of: Sequence[str] = ()

    def __post_init__(self) -> None:
        one_of = checked.some("one_of", self.one_of, 20, lambda one: checked.text("one_of", one, 100, least=0))
        checked.put(self, one_of=one_of)
        if not one_of:
            low, high = checked.bounds("at_least", self.at_least, self.at_most)
            checked.put(self, at_least=low, at_most=high)
        elif (self.at_least, self.at_most) != (None, None):
            raise bad_value("at_least")

    def check_kind(self, kind: Kind) -> None:
        known = {n: s for n, s in specs(kind.config).items() if n not in points_fields(kind.config)}
        checked.name("name", self.name, known)
        if not self.one_of and not isinstance(known[self.name], Number):
            raise bad_value("name")
        _check_texts(kind.config, "one_of", [(self.name, text) for text in self.one_of])

    def look_at(self, run: RunRecord) -> Look:
        value = getattr(run.config, self.name)
        if self.one_of:
            met = specs(run.config)[self.name].text(value) in self.one_of
        else:
            met = checked.beyond(value, self.at_least, self.at_most) == 0
        bounds = {"at_least": self.at_least, "at_most": self.at_most, "one_of": self.one_of}
        return Look(met, None, {"name": self.name, "value": value, **bounds})


@dataclass(frozen=True)
class Same(OfRun):
    """These settings, which may be the points, are as a link has them. It is for what a lesson does not ask to change.

    A setting that is at its default is there as well, such as "points" with "".
    """

    settings: Mapping[str, str]

    def __post_init__(self) -> None:
        checked.put(self, settings=checked.texts("settings", self.settings, MAX_SETTINGS))
        if not self.settings:
            raise bad_value("settings")

    def check_kind(self, kind: Kind) -> None:
        for name in self.settings:
            checked.name("settings", name, specs(kind.config))
        _check_texts(kind.config, "settings", self.settings.items())

    def look_at(self, run: RunRecord) -> Look:
        asked = {name: _read(run.config, name, text) for name, text in self.settings.items()}
        others = [name for name, value in asked.items() if value != getattr(run.config, name)]
        return Look(not others, None, {"names": others})


def _check_texts(config: Any, field: str, texts: Iterable[tuple[str, str]]) -> None:
    """Raise `LessonError` unless all these texts are values of these settings."""
    for name, text in texts:
        try:
            _read(config, name, text)
        except ConfigError as error:
            raise bad_value(field) from error


def _read(config: Any, name: str, text: str) -> Any:
    """A setting as a link has it; a link never has those at their default."""
    spec, first = specs(config)[name], defaults(config)[name]
    return first if text == spec.text(first) else spec.check(name, spec.read(text))


@dataclass(frozen=True)
class Epochs(OfRun):
    """The run has at most this many epochs."""

    at_most: int

    def __post_init__(self) -> None:
        checked.whole("at_most", self.at_most, 1, LATEST)

    def look_at(self, run: RunRecord) -> Look:
        return Look(run.epochs <= self.at_most, None, {"epochs": run.epochs, "at_most": self.at_most})


@dataclass(frozen=True)
class Branched(OfRun):
    """A setting changes during the run: it is a branch."""

    name: str

    def check_kind(self, kind: Kind) -> None:
        known = specs(kind.config)
        checked.name("name", self.name, [name for name, spec in known.items() if spec.mid_run and "schedule" in known])

    def look_at(self, run: RunRecord) -> Look:
        phases = run.config.phases
        changed = [first for first, there in phases if getattr(there, self.name) != getattr(phases[0][1], self.name)]
        return Look(bool(changed), min(changed, default=None), {"name": self.name})


@dataclass(frozen=True)
class WhatIf(Condition):
    """The loop of the run is changed in one of these ways."""

    one_of: Sequence[str]

    def __post_init__(self) -> None:
        known = checked.some("one_of", self.one_of, 10, lambda one: checked.name("one_of", one, WHAT_IFS), least=1)
        checked.put(self, one_of=known)

    def check(self, place: Place) -> None:
        if place is not PLACES["step"]:
            raise bad_value("conditions")

    def look(self, shown: Shown) -> Look:
        assert isinstance(shown, Walk)
        return Look(shown.what_if in self.one_of, None, {"what_if": shown.what_if, "one_of": self.one_of})

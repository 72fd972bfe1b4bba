"""A lesson, as data: a story, a prediction, a task that a function of one record checks, hints, and why it is so."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.fields import specs
from ..tensorlab import SECTIONS
from . import checked
from .checked import bad_value
from .conditions import Condition
from .places import MAX_SETTINGS, PLACES, Attempt, Place

MOST_WORDS = 60
"""The most words of a story."""

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,9}", re.ASCII)
MAX_ID = 40
STOPS = 11
"""A drawn curve has its height at this many epochs, at equal distances from the first to the last."""


@dataclass(frozen=True)
class ChoiceQuestion:
    """A prediction that is a choice: the question, its options, and the number of the right one."""

    text: str
    options: Sequence[str]
    answer: int

    def __post_init__(self) -> None:
        checked.text("question", self.text, 300)
        options = checked.some("options", self.options, 5, lambda one: checked.text("options", one, 120), least=2)
        checked.put(self, options=options)
        checked.whole("answer", self.answer, 0, len(options) - 1)

    def check(self, place: Place) -> None:
        """A choice can be asked everywhere."""


@dataclass(frozen=True)
class CurveQuestion:
    """A prediction that is drawn: a column of the history over this many epochs, on an axis from 0 to `top`."""

    text: str
    column: str
    epochs: int
    top: float

    def __post_init__(self) -> None:
        checked.text("question", self.text, 300)
        checked.whole("epochs", self.epochs, 2, 5_000)
        if checked.number("top", self.top, 1e6) <= 0:
            raise bad_value("top")

    def check(self, place: Place) -> None:
        """Raise `LessonError` if the runs of a place have no such column."""
        if place.kind is None:
            raise bad_value("question")
        checked.name("column", self.column, place.kind.run.columns)


@dataclass(frozen=True)
class Mistake:
    """A typical mistake: what shows it, and what to say of it."""

    when: Sequence[Condition]
    says: str

    def __post_init__(self) -> None:
        checked.put(self, when=checked.some("when", self.when, 4, _condition, least=1))
        checked.text("says", self.says, 400)


def _condition(given: Any) -> Condition:
    if not isinstance(given, Condition):
        raise bad_value("conditions")
    return given


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A lesson on one page of the workbench. Raises `LessonError` for a part that makes no sense.

    `start` has the settings of the lab when the lesson begins, as a link has them, and `opened` are those whose
    controls are in view. The task is met when all `conditions` are. `hints` grow, `par` is a good number of tries,
    `why` explains what was seen, and `solution` are settings that pass. `next` is the id of the lesson after it.
    """

    id: str
    title: str
    page: str
    story: str
    task: str
    conditions: Sequence[Condition]
    start: Mapping[str, str] = field(default_factory=dict)
    opened: Sequence[str] = ()
    question: ChoiceQuestion | CurveQuestion | None = None
    mistakes: Sequence[Mistake] = ()
    hints: Sequence[str] = ()
    par: int = 3
    why: str = ""
    solution: Mapping[str, str] | None = None
    next: str = ""

    def __post_init__(self) -> None:
        for name in ("id", "next"):
            given = getattr(self, name)
            if (
                not isinstance(given, str)
                or len(given) > MAX_ID
                or ((given or name == "id") and not ID.fullmatch(given))
            ):
                raise bad_value(name)
        checked.name("page", self.page, PLACES)
        for name, most, least in (("title", 80, 1), ("story", 600, 1), ("task", 400, 1), ("why", 600, 0)):
            checked.text(name, getattr(self, name), most, least)
        if len(self.story.split()) > MOST_WORDS:
            raise bad_value("story")
        checked.whole("par", self.par, 1, 20)
        known = [*self._settings_of_page]
        parts: dict[str, Any] = {
            "conditions": checked.some("conditions", self.conditions, 6, _condition, least=1),
            "opened": checked.some("opened", self.opened, 20, lambda one: checked.name("opened", one, known)),
            "mistakes": checked.some("mistakes", self.mistakes, 6, _mistake),
            "hints": checked.some("hints", self.hints, 3, lambda one: checked.text("hints", one, 300)),
            "start": checked.texts("start", self.start, MAX_SETTINGS),
        }
        if self.solution is not None:
            parts["solution"] = checked.texts("solution", self.solution, MAX_SETTINGS)
        checked.put(self, **parts)
        self._check_together()

    @property
    def place(self) -> Place:
        """The lab where it takes place."""
        return PLACES[self.page]

    @property
    def beginning(self) -> Attempt:
        """The lab when the lesson begins."""
        return Attempt(self.page, self.start)

    @property
    def _settings_of_page(self) -> Sequence[str]:
        kind = self.place.kind
        return [*(specs(kind.config) if kind else SECTIONS), *self.place.also]

    def _check_together(self) -> None:
        for condition in (*self.conditions, *(one for mistake in self.mistakes for one in mistake.when)):
            condition.check(self.place)
        if self.question is not None:
            if not isinstance(self.question, ChoiceQuestion | CurveQuestion):
                raise bad_value("question")
            self.question.check(self.place)
        self.place.check("start", self.start)
        if self.solution is not None:
            self.place.check("solution", self.solution)


def _mistake(given: Any) -> Mistake:
    if not isinstance(given, Mistake):
        raise bad_value("mistakes")
    return given

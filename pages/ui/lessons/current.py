"""The lesson that a page is in: one of the workbench's own, or a whole one that a link brought."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.fields import N_, Text, check_fields, setting
from wb_core.lessons import STOPS, checked, lesson_from_link

from ..session import state
from ..widgets import fields

OURS: Mapping[str, wb.Lesson] = {lesson.id: lesson for lesson in wb.LESSONS}


@functools.lru_cache(maxsize=64)  # every script run asks again
def find(text: str) -> wb.Lesson | None:
    """The lesson of a link: the id of one of ours, or a whole one. Raises `ConfigError` for anything else."""
    if not text or text in OURS:
        return OURS.get(text)
    try:
        return lesson_from_link(text)
    except wb.LessonError as error:
        raise wb.ConfigError("lesson.unknown", field="lesson", given=text[:60], allowed="a lesson") from error


@dataclass(frozen=True, kw_only=True)
class LessonView:
    """The lesson in the address. Raises `ConfigError` for what is none."""

    lesson: str = setting("", Text(N_("Lesson"), parse=find))

    def __post_init__(self) -> None:
        check_fields(self)

    @staticmethod
    def modernise(query: Mapping[str, str]) -> Mapping[str, str]:
        """A link that has a lesson and nothing else begins it."""
        if query.keys() != {"lesson"}:
            return query
        try:
            lesson = find(query["lesson"])
        except wb.ConfigError:
            return query
        return query if lesson is None else {**lesson.start, **query}


class InLesson:
    """How far the visitor is in the lesson with this `text`."""

    def __init__(self) -> None:
        self.text = ""
        self._begin("")

    def of(self, text: str) -> "InLesson":
        """The same for a lesson, from its beginning if it is another one."""
        if text != self.text:
            self._begin(text)
        return self

    def _begin(self, text: str) -> None:
        self.text = text
        self.all_open = False  # whether all controls are in view
        self.hints = 0
        self.real: Sequence[float] | None = None  # of the first run since, to compare a drawn curve with
        self.verdict: wb.Verdict | None = None
        self.checked: Any = None  # the settings that the verdict is about

    @property
    def saved(self) -> dict[str, Any] | None:
        """What a reload must bring back, as plain data; None outside of lessons."""
        kept = {"all_open": self.all_open, "hints": self.hints, "real": self.real}
        return {"text": self.text, **kept} if self.text and any(kept.values()) else None

    def take_over(self, saved: Any) -> None:
        """Take over what `saved` has given. Raises `ValueError` for anything else."""
        if not isinstance(saved, dict) or saved.keys() != {"text", "all_open", "hints", "real"}:
            raise ValueError("this is no lesson")
        text, hints, real = (saved[name] for name in ("text", "hints", "real"))
        if type(saved["all_open"]) is not bool or not isinstance(text, str):
            raise ValueError("this is no lesson")
        checked.whole("hints", hints, 0, 3)
        if real is not None:
            real = [*checked.some("real", real, STOPS, lambda one: checked.number("real", one), least=STOPS)]
        self._begin(text)
        self.all_open, self.hints, self.real = saved["all_open"], hints, real


def here(page: str) -> tuple[wb.Lesson, InLesson] | None:
    """The lesson of this page, and how far the visitor is in it; None if there is none."""
    text = fields.current(LessonView, "lesson")
    lesson = find(text)
    if lesson is None or lesson.page != page:
        return None
    return lesson, state.of(InLesson).of(text)

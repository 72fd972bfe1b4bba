"""What a visitor has done in the lessons, as the browser keeps it: for other tabs and other days."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import wb_core as wb
from wb_core.lessons import Done, read_results, write_results
from wb_core.lessons import results as files

from .current import OURS


@dataclass
class Progress:
    """The lessons that were begun, by their texts in a link, the latest last."""

    lessons: dict[str, Done] = field(default_factory=dict)
    _written: tuple[Mapping[str, Done], str] = field(default_factory=lambda: ({}, ""))

    def of(self, text: str) -> Done:
        """How far a lesson is."""
        return self.lessons.get(text, Done())

    def note(self, text: str, **changes: Any) -> None:
        """Note what has changed in a lesson."""
        changes["tries"] = min(changes.get("tries", self.of(text).tries), files.MOST_TRIES)
        self._put({**self.lessons, text: replace(self.of(text), **changes)})

    def next(self, lessons: Sequence[wb.Lesson] = wb.LESSONS) -> wb.Lesson | None:
        """The first lesson of the path that is not passed yet."""
        return next((lesson for lesson in lessons if not self.of(lesson.id).passed), None)

    @property
    def passed(self) -> Mapping[str, Done]:
        """The lessons that are done."""
        return {text: done for text, done in self.lessons.items() if done.passed}

    def written(self) -> str:
        """All of it as text for the browser: a file of results; "" if there is nothing."""
        if self._written[0] != self.lessons:
            self._written = dict(self.lessons), write_results(self.lessons).decode("utf-8") if self.lessons else ""
        return self._written[1]

    def merge(self, text: str) -> None:
        """Take over what another tab or an earlier visit has kept, unless it is no file of results."""
        with contextlib.suppress(wb.LessonError, UnicodeEncodeError):
            theirs = read_results(text.encode("utf-8"))
            both = {
                text: _together(self.lessons[text], there) for text, there in theirs.items() if text in self.lessons
            }
            self._put({**theirs, **self.lessons, **both})

    def clear(self) -> None:
        """Forget all of it."""
        self.lessons = {}

    def _put(self, lessons: Mapping[str, Done]) -> None:
        """Keep these, without the oldest of other people's lessons if a file has no room for all."""
        kept, foreign = dict(lessons), [text for text in lessons if text not in OURS]
        while kept and (len(kept) > files.MOST or len(write_results(kept)) > files.MAX_BYTES):
            del kept[foreign.pop(0) if foreign else next(iter(kept))]
        self.lessons = kept


def _together(ours: Done, theirs: Done) -> Done:
    """What two tabs know of a lesson: the one that passed, or that tried more."""
    first, second = sorted((ours, theirs), key=lambda done: (done.passed, done.tries), reverse=True)
    if first.predicted is None:
        first = replace(first, predicted=second.predicted, finger=second.finger, score=second.score)
    return replace(first, tries=max(ours.tries, theirs.tries))

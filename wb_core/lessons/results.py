"""What somebody has done in the lessons, as a file without names; any workbench can do it again (see `Recheck`)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import LessonError
from . import checked
from .checked import bad_value
from .file import content, lesson_from_link, made, no_such_file, plain
from .lesson import ID, MAX_ID, STOPS
from .places import Attempt

FORMAT = "torch-workbench-results"
VERSION = 1

MAX_BYTES = 100_000
"""A file of results has at most this many bytes, and so has what a browser keeps."""

MOST = 80
"""The most lessons in a file."""

MOST_TRIES = 10_000


@dataclass(frozen=True)
class Done:
    """A lesson: whether it is `passed`, the number of different `tries`, and the prediction that was committed.

    `predicted` is the number of an option, or the heights of a drawn curve with its `score` once there was a run.
    `attempt` is what passed first. Raises `LessonError` for values that make no sense.
    """

    passed: bool = False
    tries: int = 0
    predicted: int | Sequence[float] | None = None
    finger: bool = False
    score: float | None = None
    attempt: Attempt | None = None

    def __post_init__(self) -> None:
        for name in ("passed", "finger"):
            if type(getattr(self, name)) is not bool:
                raise bad_value(name)
        checked.whole("tries", self.tries, 0, MOST_TRIES)
        if isinstance(self.predicted, list | tuple):
            heights = checked.some("predicted", self.predicted, STOPS, lambda one: checked.number("predicted", one))
            checked.put(self, predicted=heights)
        elif self.predicted is not None:
            checked.whole("predicted", self.predicted, 0, 9)
        if self.score is not None and not 0 <= checked.number("score", self.score) <= 1:
            raise bad_value("score")
        if not isinstance(self.attempt, Attempt | None):
            raise bad_value("attempt")


def write_results(results: Mapping[str, Done]) -> bytes:
    """What was done in each lesson as UTF-8 JSON. The keys are the lessons' ids, or whole lessons as in a link."""
    found = [{"id" if ID.fullmatch(text) else "lesson": text, **plain(done)} for text, done in results.items()]
    file = {"format": FORMAT, "version": VERSION, "results": found}
    return json.dumps(file, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def read_results(data: bytes) -> dict[str, Done]:
    """What `write_results` has written. Raises `LessonError` for anything else; trains nothing.

    An id may be that of a lesson that this workbench does not have.
    """
    found = content(data, "results", FORMAT, VERSION, MAX_BYTES)
    if not isinstance(found, list) or len(found) > MOST:
        raise bad_value("results")
    results = dict(map(_result, found))
    if len(results) < len(found):
        raise bad_value("results")
    return results


def _result(given: Any) -> tuple[str, Done]:
    if not isinstance(given, dict) or len(given.keys() & {"id", "lesson"}) != 1:
        raise bad_value("results")
    values = dict(given)
    text = values.pop("id", None) or values.pop("lesson", None)
    if not isinstance(text, str):
        raise bad_value("results")
    if "id" in given and (len(text) > MAX_ID or not ID.fullmatch(text)):
        raise bad_value("id")
    if "lesson" in given:
        try:
            lesson_from_link(text)
        except LessonError:
            raise no_such_file("results") from None
    return text, made(Done, values, "results", {"attempt": lambda one: made(Attempt, one, "attempt")})

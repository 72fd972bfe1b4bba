"""A whole room as one file: what its seats and its leader show, and what was asked; any workbench opens it again.

Who has answered what is not in it, and the names of the seats only if the leader wants that. A file may come from
anybody: it is read as strictly as a file of lessons, and reading it trains nothing.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import wb_core as wb
from wb_core.lessons import Attempt, checked
from wb_core.lessons.checked import bad_value
from wb_core.lessons.file import content, made, plain
from wb_core.lessons.lesson import ID, MAX_ID
from wb_core.lessons.results import MOST_TRIES

from ..lessons.current import find
from . import names
from .rooms import MAX_ASKED, MAX_SEATS, MAX_SOLVED
from .seats import OnShow, Seat
from .stage.stage import MAX_OPTION, MAX_OPTIONS, MAX_TEXT, Question, Stage
from .store import MAX_LENGTH

FORMAT = "torch-workbench-room"
VERSION = 1
MAX_BYTES = 1_000_000
MAX_NUMBER = 100_000
MAX_ACCURACIES = 2_000
VERDICT = re.compile(r"[a-z_]{0,40}", re.ASCII)


@dataclass(frozen=True)
class SavedRoom:
    """What is in a file."""

    stage: Stage
    seats: tuple[Seat, ...]
    asked: tuple[Question, ...] = ()  # and revealed


def write_room(
    stage: Stage, seats: Sequence[Seat], asked: Sequence[Question] = (), *, with_names: bool = False
) -> bytes:
    """A room as UTF-8 JSON; the same room gives the same bytes. Raises `LessonError` for one that is too large."""
    room = {"seats": [_seat_plain(seat, with_names) for seat in seats], **_stage_plain(stage)}
    if asked:
        room["questions"] = [_question_plain(question) for question in asked]
    file = {"format": FORMAT, "version": VERSION, "room": room}
    data = json.dumps(file, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    if len(data) > MAX_BYTES:
        raise wb.LessonError("lesson.too_large", "the room is too large", size=len(data), limit=MAX_BYTES)
    return data


def read_room(data: bytes) -> SavedRoom:
    """The room in a file. Raises `LessonError` for anything else; nothing of it is ever run as code, or trained."""
    found = content(data, "room", FORMAT, VERSION, MAX_BYTES)
    if not isinstance(found, dict) or not found.keys() <= {"seats", "pushed", "lesson", "questions"}:
        raise bad_value("room")
    given = found.get("seats")
    if not isinstance(given, list) or len(given) > MAX_SEATS:
        raise bad_value("seats")
    seats = tuple(_seat(one) for one in given)
    if len({seat.number for seat in seats}) < len(seats):
        raise bad_value("number")
    pushed = found.get("pushed")
    stage = Stage(
        None if pushed is None else _attempt(pushed),
        push="1" if pushed is not None else "",
        lesson=_lesson(found.get("lesson", "")),
    )
    asked = checked.some("questions", found.get("questions", []), MAX_ASKED, _question)
    return SavedRoom(
        stage,
        tuple(sorted(seats, key=lambda seat: seat.number)),
        tuple(replace(question, id=str(number)) for number, question in enumerate(asked, start=1)),
    )


def _stage_plain(stage: Stage) -> dict[str, Any]:
    return {
        **({"pushed": plain(stage.pushed)} if stage.pushed else {}),
        **({"lesson": stage.lesson} if stage.lesson else {}),
    }


def _question_plain(question: Question) -> dict[str, Any]:
    return {name: value for name, value in plain(question).items() if name != "id"}


def _seat_plain(seat: Seat, with_names: bool) -> dict[str, Any]:
    kept = {"number": seat.number, "solved": seat.solved, "rehearsal": seat.rehearsal, "show": seat.show}
    return plain({name: plain(value) for name, value in kept.items() if value}) | (
        {"name": plain(seat.name)} if with_names and seat.name else {}
    )


def _seat(given: Any) -> Seat:
    if not isinstance(given, dict) or not given.keys() <= {"number", "name", "show", "solved", "rehearsal"}:
        raise bad_value("seats")
    number = checked.whole("number", given.get("number"), 1, MAX_NUMBER)
    rehearsal = given.get("rehearsal", False)
    if type(rehearsal) is not bool:
        raise bad_value("rehearsal")
    return Seat(
        f"{number:012x}",
        _name(given.get("name", "")),
        True,
        _show(given["show"]) if "show" in given else None,
        number=number,
        solved=checked.some("solved", given.get("solved", []), MAX_SOLVED, _id),
        rehearsal=rehearsal,
    )


def _name(given: Any) -> str | tuple[str, str]:
    match given:
        case str() if names.own_name(given) == given:
            return given
        case [str(color), str(animal)] if color in names.COLORS and animal in names.ANIMALS:
            return color, animal
    raise bad_value("name")


def _show(given: Any) -> OnShow:
    show: OnShow = made(OnShow, given, "show", {"attempt": _attempt})
    if show.lesson != "":
        _id(show.lesson)
    checked.whole("tries", show.tries, 0, MOST_TRIES)
    if type(show.passed) is not bool:
        raise bad_value("passed")
    if not isinstance(show.verdict, str) or not VERDICT.fullmatch(show.verdict):
        raise bad_value("verdict")
    accuracies = checked.some("accuracies", show.accuracies, MAX_ACCURACIES, _percent)
    show = replace(show, accuracies=accuracies)
    if len(show.text().encode()) > MAX_LENGTH:
        raise bad_value("show")
    return show


def _percent(given: Any) -> float:
    if not 0 <= checked.number("accuracies", given) <= 100:
        raise bad_value("accuracies")
    return float(given)


def _id(given: Any) -> str:
    if not isinstance(given, str) or len(given) > MAX_ID or not ID.fullmatch(given):
        raise bad_value("lesson")
    return given


def _attempt(given: Any) -> Attempt:
    attempt: Attempt = made(Attempt, given, "attempt")
    return attempt


def _lesson(given: Any) -> str:
    if not isinstance(given, str):
        raise bad_value("lesson")
    try:
        find(given)
    except wb.ConfigError:
        raise bad_value("lesson") from None
    return given


def _question(given: Any) -> Question:
    if not isinstance(given, dict) or "id" in given:
        raise bad_value("questions")
    asked: Question = made(Question, {"id": "1", **given}, "questions")
    checked.text("text", asked.text, MAX_TEXT)
    options = checked.some(
        "options", asked.options, MAX_OPTIONS, lambda one: checked.text("option", one, MAX_OPTION), 2
    )
    counts = checked.some(
        "counts", asked.counts, len(options), lambda one: checked.whole("counts", one, 0, MAX_SEATS), len(options)
    )
    if asked.revealed is not True:
        raise bad_value("questions")
    if asked.lesson != "":
        _id(asked.lesson)
    if asked.right is not None:
        checked.whole("right", asked.right, 0, len(options) - 1)
    return replace(asked, options=options, counts=counts)

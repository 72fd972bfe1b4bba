"""A lesson as a file or a link: JSON, read as strictly as an upload."""

import base64
import dataclasses
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from ..base import strict_json
from ..base.errors import LessonError
from .checked import bad_value
from .conditions import CONDITIONS, Condition
from .lesson import ChoiceQuestion, CurveQuestion, Lesson, Mistake

FORMAT = "torch-workbench-lesson"
VERSION = 1

MAX_BYTES = 20_000
"""A file of one lesson has at most this many bytes."""

MAX_LINK = 8_000
"""A lesson in a link has at most this many characters."""

NAMES = {condition: name for name, condition in CONDITIONS.items()}


def write_lesson(lesson: Lesson) -> bytes:
    """A lesson as UTF-8 JSON. `read_lesson` returns an equal one."""
    text = json.dumps({"format": FORMAT, "version": VERSION, "lesson": plain(lesson)}, ensure_ascii=False, indent=1)
    return text.encode("utf-8")


def read_lesson(data: bytes) -> Lesson:
    """The lesson in a file. Raises `LessonError` for anything else; nothing of it is ever run as code."""
    return _lesson(content(data, "lesson", FORMAT, VERSION, MAX_BYTES))


def content(data: bytes, part: str, file_format: str, version: int, most: int) -> Any:
    """What stands for `part` in a file of this format and version with up to `most` bytes; else `LessonError`."""
    if not data:
        raise LessonError("lesson.empty", "the file is empty")
    if len(data) > most:
        message = f"the file has {len(data)} bytes; allowed are {most}"
        raise LessonError("lesson.too_large", message, size=len(data), limit=most)
    try:
        found = strict_json.loads(data)
    except ValueError:
        raise no_such_file(part) from None
    if not isinstance(found, dict) or found.get("format") != file_format:
        raise no_such_file(part)
    if type(found.get("version")) is not int or found["version"] != version:
        raise LessonError("lesson.version", f"the file is not of version {version}", version=version)
    if found.keys() != {"format", "version", part}:
        raise no_such_file(part)
    return found[part]


def lesson_to_link(lesson: Lesson) -> str:
    """A lesson as a short text of letters, digits, "-" and "_"; "" if it is too long for a link."""
    data = json.dumps(plain(lesson), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text = base64.urlsafe_b64encode(zlib.compress(data, 9)).decode("ascii").rstrip("=")
    return text if len(text) <= MAX_LINK else ""


def lesson_from_link(text: str) -> Lesson:
    """The lesson that `lesson_to_link` has written. Raises `LessonError` for anything else."""
    if len(text) > MAX_LINK or not re.fullmatch(r"[A-Za-z0-9_-]+", text, re.ASCII):
        raise no_such_file("lesson")
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), MAX_BYTES)
        if not unpacker.eof or unpacker.unused_data:
            raise no_such_file("lesson")
        found = strict_json.loads(data)
    except (ValueError, zlib.error):
        raise no_such_file("lesson") from None
    return _lesson(found)


def no_such_file(part: str) -> LessonError:
    """The error for what has no "lesson", or no "results", at all."""
    return LessonError(f"lesson.not_a_{part}", f"there is no {part} in it")


def plain(value: Any) -> Any:
    """A part of a lesson as JSON; what has its default is left out."""
    if isinstance(value, Condition):
        return {NAMES[type(value)]: _fields(value)}
    if isinstance(value, ChoiceQuestion):
        return {"choice": _fields(value)}
    if isinstance(value, CurveQuestion):
        return {"curve": _fields(value)}
    if dataclasses.is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        return dict(value)
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def _fields(part: Any) -> dict[str, Any]:
    found = {}
    for spec in dataclasses.fields(part):
        value = getattr(part, spec.name)
        default = spec.default_factory() if spec.default_factory is not dataclasses.MISSING else spec.default
        if value != default:
            found[spec.name] = plain(value)
    return found


def _lesson(given: Any) -> Lesson:
    found: Lesson = made(
        Lesson, given, "lesson", {"conditions": _conditions, "question": _question, "mistakes": _mistakes}
    )
    return found


def _conditions(given: Any) -> list[Condition]:
    if not isinstance(given, list) or len(given) > 10:
        raise bad_value("conditions")
    return [_one_of(CONDITIONS, one, "conditions") for one in given]


def _question(given: Any) -> Any:
    return _one_of({"choice": ChoiceQuestion, "curve": CurveQuestion}, given, "question")


def _mistakes(given: Any) -> list[Mistake]:
    if not isinstance(given, list) or len(given) > 10:
        raise bad_value("mistakes")
    return [made(Mistake, one, "mistakes", {"when": _conditions}) for one in given]


def _one_of(kinds: Mapping[str, type], given: Any, field: str) -> Any:
    """The part that `{"its kind": {its fields}}` describes."""
    if not isinstance(given, dict) or len(given) != 1 or next(iter(given)) not in kinds:
        raise bad_value(field)
    [(name, fields)] = given.items()
    return made(kinds[name], fields, field)


def made(kind: Any, given: Any, field: str, read: Mapping[str, Any] | None = None) -> Any:
    """The object of a class with these fields: exactly those it has, and all that it needs."""
    specs = {spec.name: spec for spec in dataclasses.fields(kind)}
    if not isinstance(given, dict) or not given.keys() <= specs.keys():
        raise bad_value(field)
    missing = dataclasses.MISSING
    if any(s.default is missing and s.default_factory is missing and name not in given for name, s in specs.items()):
        raise bad_value(field)
    return kind(**{name: (read or {}).get(name, _itself)(value) for name, value in given.items()})


def _itself(value: Any) -> Any:
    return value

"""Checks of the parts of a lesson, which may come from anybody."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from ..base.errors import LessonError

T = TypeVar("T")

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""Control characters, and those that turn the direction of a text."""


def bad_value(field: str) -> LessonError:
    """The error for a part that is not as it must be."""
    return LessonError("lesson.bad_value", f"{field} is not what a lesson can have", field=field)


def text(field: str, given: Any, most: int, least: int = 1) -> str:
    """`given` if it is a text of `least` to `most` characters without unprintable ones."""
    if not isinstance(given, str) or not least <= len(given) <= most or UNPRINTABLE.search(given):
        raise bad_value(field)
    if least and not given.strip():
        raise bad_value(field)
    return given


def name(field: str, given: Any, known: Iterable[str]) -> str:
    """`given` if it is one of the known names."""
    if not isinstance(given, str) or given not in known:
        raise bad_value(field)
    return given


def whole(field: str, given: Any, low: int, high: int) -> int:
    """`given` if it is a whole number within these bounds."""
    if type(given) is not int or not low <= given <= high:
        raise bad_value(field)
    return given


def number(field: str, given: Any, most: float = 1e15) -> float:
    """`given` as a finite number that is at most this far from 0."""
    if type(given) not in (int, float) or not math.isfinite(given) or abs(given) > most:
        raise bad_value(field)
    return float(given)


def some(field: str, given: Any, most: int, check: Callable[[Any], T], least: int = 0) -> tuple[T, ...]:
    """`given` as a tuple of `least` to `most` parts, each of which passes the check."""
    if not isinstance(given, list | tuple) or not least <= len(given) <= most:
        raise bad_value(field)
    return tuple(map(check, given))


def texts(field: str, given: Any, most: int) -> Mapping[str, str]:
    """`given` if it maps names to texts that have at most this many characters in all."""
    if not isinstance(given, Mapping) or not all(
        isinstance(key, str) and NAME.fullmatch(key) and isinstance(value, str) for key, value in given.items()
    ):
        raise bad_value(field)
    if sum(map(len, given.values())) > most:
        raise bad_value(field)
    return dict(given)


def bounds(field: str, low: Any, high: Any) -> tuple[float | None, float | None]:
    """Two bounds, of which one may be missing."""
    found = tuple(None if bound is None else number(field, bound) for bound in (low, high))
    if found == (None, None) or (None not in found and found[0] > found[1]):  # type: ignore[operator]
        raise bad_value(field)
    return found  # type: ignore[return-value]


def beyond(value: float, low: float | None, high: float | None) -> float:
    """How far a value is from being within two bounds, of which one may be missing; 0 if it is within them."""
    return max((-math.inf if low is None else low) - value, value - (math.inf if high is None else high), 0.0)


def put(part: Any, **values: Any) -> None:
    """Put checked values into a frozen part."""
    for key, value in values.items():
        object.__setattr__(part, key, value)

"""Parses nested lists that users type, such as `[[1, 2], [3, 4]]`, without evaluating code."""

import ast
import re
from typing import Any

from ..base.errors import ConfigError
from .limits import MAX_DIMS

MAX_LETTERS = 4000
MAX_DIGITS = 400  # of one number; the largest float has 309
ALLOWED = re.compile(r"(?:True|False|[\d\s.,eE+\-\[\]()])*")
ALLOWED_WORDS = "numbers, True, False, commas and brackets, as in [[1, 2], [3, 4]]"
NAN = re.compile(r"\b(?:nan|inf|infinity)\b", re.IGNORECASE)

Number = int | float | bool


def read_list(text: str, field: str = "values") -> Any:
    """The numbers of a list as nested tuples, or a single number. Ragged lists are allowed; PyTorch refuses them.

    Raises `ConfigError` with the code `list.too_long`, `list.not_finite`, `list.words`, `list.too_deep`,
    `list.brackets` or `list.too_large`.
    """

    def refuse(code: str) -> ConfigError:
        return ConfigError(code, field=field, given=text[:60], allowed=ALLOWED_WORDS)

    if len(text) > MAX_LETTERS:
        raise refuse("list.too_long")
    if NAN.search(text):
        raise refuse("list.not_finite")
    if not ALLOWED.fullmatch(text):
        raise refuse("list.words")
    if _depth(text) > MAX_DIMS + 1:  # one more, for parentheses around the list
        raise refuse("list.too_deep")
    try:
        value = ast.literal_eval(text.strip())
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        # Also numbers that Python refuses: those of more than 4,300 digits or with a leading 0.
        raise refuse("list.brackets") from error
    return _frozen(value, refuse)


def read_number(text: str, field: str = "value") -> Number:
    """A number, True or False. Raises `ConfigError`: `list.not_finite`, `list.too_large` or `list.number`."""
    refusal = ConfigError("list.number", field=field, given=text[:60], allowed="a single number")
    if len(text) > MAX_DIGITS:
        raise refusal
    try:
        value = read_list(text, field)
    except ConfigError as error:
        raise error if error.code in ("list.not_finite", "list.too_large") else refusal from error
    if isinstance(value, tuple):
        raise refusal
    number: Number = value
    return number


def write_list(value: Any) -> str:
    """The list in Python syntax."""
    if isinstance(value, tuple):
        return "[" + ", ".join(write_list(item) for item in value) + "]"
    return repr(value)


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of a nested tuple of numbers, or None if it is ragged."""
    if not isinstance(value, tuple):
        return ()
    shapes = {shape_of(item) for item in value}
    if len(shapes) > 1 or None in shapes:
        return None
    inner = shapes.pop() if shapes else ()
    return None if inner is None else (len(value), *inner)


def flat(value: Any) -> list[Number]:
    """The numbers of a nested tuple, in order."""
    return [number for item in value for number in flat(item)] if isinstance(value, tuple) else [value]


def nested(numbers: list[Number], shape: tuple[int, ...]) -> Any:
    """The nested tuple of this shape (without sizes of 0) with these numbers, in order."""
    if not shape:
        return numbers[0]
    size = len(numbers) // shape[0] if shape[0] else 0
    return tuple(nested(numbers[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0]))


def _depth(text: str) -> int:
    deepest = depth = 0
    for letter in text:
        depth += (letter in "[(") - (letter in "])")
        deepest = max(deepest, depth)
    return deepest


def _frozen(value: Any, refuse: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_frozen(item, refuse) for item in value)
    if not isinstance(value, int | float):
        raise refuse("list.brackets")  # such as the complex number 1+2j
    if isinstance(value, float) and value - value != 0:
        raise refuse("list.too_large")  # such as 1e999, which Python reads as infinity
    return value

"""Parses nested lists that users type or paste, such as `[[1, 2], [3, 4]]`, without evaluating code.

Pasted texts may also be what PyTorch or NumPy print, or rows of a spreadsheet.
"""

import ast
import re
from typing import Any

from ..base.errors import ConfigError
from .limits import MAX_DIMS
from .printed import Printed, take_apart

MAX_LETTERS = 4000
MAX_DIGITS = 400  # of one number; the largest float has 309
ALLOWED = re.compile(r"(?:True|False|[\d\s.,eE+\-\[\]()])*")
ALLOWED_WORDS = "numbers, True, False, commas and brackets, as in [[1, 2], [3, 4]]"
# Korean, Chinese and Japanese keyboards write these for the ASCII characters below them.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x3001: ",", 0x2212: "-"}
GAP = re.compile(r"(?<=[\w.\])])[^\S\t]+(?=[\[(\w.+-])")
"""The blanks between the numbers that NumPy prints."""

THOUSANDS = re.compile(r"\d,0\d\d(?![\d.])")
COMMA_IN_CELL = re.compile(r"^[^\[]*\d,\d")
"""Within a cell, a comma may be that of a decimal or of thousands; elsewhere it separates numbers."""

NAN = re.compile(r"\b(?:nan|inf|infinity)\b", re.IGNORECASE)

Number = int | float | bool


def read_list(text: str, field: str = "values") -> Any:
    """The numbers of a list as nested tuples, or a single number. Ragged lists are allowed; PyTorch refuses them.

    Reads also what PyTorch and NumPy print, rows and columns of a spreadsheet, and full-width digits.

    Raises `ConfigError` with the code `list.too_long`, `list.not_finite`, `list.words`, `list.too_deep`,
    `list.brackets`, `list.too_large`, `list.thousands` (1,000), `list.cells` (a comma in a cell of a spreadsheet) or
    `list.left_out` (a long printout).
    """

    def refuse(code: str) -> ConfigError:
        return ConfigError(code, field=field, given=text[:60], allowed=ALLOWED_WORDS)

    if len(text) > MAX_LETTERS:
        raise refuse("list.too_long")
    if "\t" in text and COMMA_IN_CELL.search(text):
        raise refuse("list.cells")
    plain = _plain(text)
    if NAN.search(plain):
        raise refuse("list.not_finite")
    if not ALLOWED.fullmatch(plain):
        raise refuse("list.words")
    if "..." in plain and plain.strip() != "...":
        raise refuse("list.left_out")
    if THOUSANDS.search(plain):
        raise refuse("list.thousands")
    if _depth(plain) > MAX_DIMS + 1:  # one more, for parentheses around the list
        raise refuse("list.too_deep")
    try:
        value = ast.literal_eval(plain)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        # Also numbers that Python refuses: those of more than 4,300 digits or with a leading 0.
        raise refuse("list.brackets") from error
    return _frozen(value, refuse)


def read_printed(text: str) -> Printed | None:
    """The parts of a tensor or array that PyTorch or NumPy printed; None for any other text."""
    return take_apart(text.translate(FULL_WIDTH)) if len(text) <= MAX_LETTERS else None


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


def _plain(text: str) -> str:
    """The text as a Python list, if it is a printed tensor or array, or rows of a spreadsheet."""
    printed = read_printed(text)
    text = printed.numbers if printed else text.translate(FULL_WIDTH)
    text = text.strip(" \n\r\f\v")
    if "\t" in text and "[" not in text:
        rows = [row.strip(" \r").split("\t") for row in text.split("\n") if row.strip()]
        lists = [", ".join(cell.strip() for cell in row) for row in rows]
        return f"[{lists[0]}]" if len(lists) == 1 else "[" + ", ".join(f"[{row}]" for row in lists) + "]"
    if "," not in text:
        text = GAP.sub(", ", text)
    return text.strip()


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

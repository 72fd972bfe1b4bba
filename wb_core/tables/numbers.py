"""From cells to numbers. Runs only in the child.

A comma or a point alone, with three digits after it, says not whether it separates decimals or thousands: 1,234. The
other cells decide, first those of the column, then those of the table.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from ..base.points import LARGEST

CELLS = ("", "empty", "not_a_number", "unit", "date", "too_large")
"""What a cell is, "" for a number; the code of an error is "cell." and this."""
EMPTY, NOT_A_NUMBER, UNIT, DATE, TOO_LARGE = range(1, len(CELLS))

PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
WITH_POINT = re.compile(r"[+-]?\d+\.(?:\d{1,2}|\d{4,})", re.ASCII)
LIKE_NUMBER = re.compile(r"([+-]?)((?:\d[\d.,' ]*)?[.,]?\d[\d.,' ]*)(?:[eE]([+-]?\d{1,3}))?", re.ASCII)
SPACED = re.compile(r"(\d{1,3})((?:[ ']\d{3})+)([.,]\d*)?")
GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{2,3})*?(?:[.,]\d{3})+")
MISSING = {"", "-", "–", "—", "--", ".", "..", "?", "na", "n/a", "nan", "null", "none", "nil", "없음", "결측"}
MISSING |= {"#n/a", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!"}
TIME = re.compile(
    r"\d{1,4}\s?[-/년]\s?\d{1,2}(?:\s?[-/.월]\s?\d{0,4}일?)?.{0,20}|\d{1,2}:\d{2}.{0,20}"
    r"|\d{1,4}\.\s?\d{1,2}\.\s?\d{1,4}.{0,20}"  # with points there are two: 12.5 kg is a number with a unit
    r"|(?i:.{0,9}\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.{0,12}\d.{0,12})",
    re.DOTALL,
)
WITH_UNIT = re.compile(r"[^\w\s]{0,2}\s?[+-]?\d[\d.,' ]*\s?[^\d\s].{0,30}|[^\d\s]{1,5}\s?[+-]?\d[\d.,' ]*", re.DOTALL)

ASCII: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms
ASCII |= {ord(char): " " for char in "\u00a0\u2007\u2009\u202f\u3000\t\n\r"}
ASCII |= {ord(char): "-" for char in "\u2212\u2010\u2011\u2012"} | {ord(char): "'" for char in "’‘´`"}
ASCII |= {ord(char): None for char in "\u200b\u200e\u200f\ufeff\u2060\u202a\u202c"}


def plain(text: str) -> str:
    """A text with digits, spaces and signs in ASCII."""
    if text.isascii():
        return text.strip()
    text = text.translate(ASCII)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text).strip()


class Decimals:
    """Which sign separates decimals: counts how often each of "." and "," certainly does."""

    def __init__(self, cells: Iterable[object] = ()) -> None:
        self.counts: Counter[str] = Counter()
        for cell, count in Counter(cells).items():
            if isinstance(cell, str) and (sign := _says(cell)):
                self.counts[sign] += count

    def sign(self, table: "Decimals", separator: str) -> str:
        """The sign for cells that do not say; `table` has the counts of all columns."""
        for counts in (self.counts, table.counts):
            if counts["."] != counts[","]:
                return "." if counts["."] > counts[","] else ","
        return "," if separator == ";" else ""


def is_number(cell: object) -> bool:
    """Whether a cell is a number, whatever its decimals are."""
    return read(cell, "")[1] == 0


def read_column(cells: Sequence[object], sign: str) -> tuple[list[float], list[int]]:
    """The number in each cell, nan if there is none, and what it is: an index into `CELLS`."""
    different = set(cells)
    if len(different) < len(cells) / 2:
        known = {cell: read(cell, sign) for cell in different}
        found = [known[cell] for cell in cells]
    else:
        found = [read(cell, sign) for cell in cells]
    return [value for value, _ in found], [code for _, code in found]


def read(cell: object, sign: str) -> tuple[float, int]:
    """The number in a cell and 0, or nan and what it is instead; `sign` separates decimals where a cell can't say."""
    if isinstance(cell, int | float):
        return _bounded(float(cell))
    text = str(cell)
    if PLAIN.fullmatch(text) and (sign != "," or "." not in text):
        return _bounded(float(text))
    text = plain(text)
    if text.casefold() in MISSING:
        return math.nan, EMPTY
    number = _number(_without_currency(text), sign)
    if number is not None:
        return _bounded(number)
    if TIME.fullmatch(text):
        return math.nan, DATE
    return math.nan, UNIT if WITH_UNIT.fullmatch(text) else NOT_A_NUMBER


def _bounded(value: float) -> tuple[float, int]:
    if math.isnan(value):
        return math.nan, EMPTY
    return (value, 0) if abs(value) <= LARGEST else (math.nan, TOO_LARGE)


def _without_currency(text: str) -> str:
    return re.sub(r"^([+-]?)\s?[$€£¥₩]\s?|\s?[$€£¥₩]$", r"\1", text)


def _parts(text: str) -> tuple[str, str, str] | None:
    """Sign, digits with their separators, and exponent of a text; None if it is no number."""
    match = LIKE_NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, body, exponent = match[1], match[2], match[3] or "0"
    if " " in body or "'" in body:
        groups = SPACED.fullmatch(body)
        if groups is None:
            return None
        body = groups[1] + re.sub("[ ']", "", groups[2]) + (groups[3] or "")
        body = body if groups[3] else body + "."
    return sign, body, exponent


def _decimal_sign(body: str) -> str:
    """The sign that certainly separates decimals, or "" if there is none or either is possible."""
    points, commas = body.count("."), body.count(",")
    if points and commas:
        return "." if body.rfind(".") > body.rfind(",") else ","
    if points + commas > 1:
        return "," if points else "."
    if not points + commas:
        return ""
    sign = "." if points else ","
    whole, _, rest = body.partition(sign)
    return "" if len(rest) == 3 and re.fullmatch(r"[1-9]\d{0,2}", whole) else sign


def _says(cell: str) -> str:
    if cell.isdecimal():
        return ""
    if WITH_POINT.fullmatch(cell):
        return "."
    parts = _parts(_without_currency(plain(cell)))
    return _decimal_sign(parts[1]) if parts else ""


def _number(text: str, sign: str) -> float | None:
    parts = _parts(text)
    if parts is None:
        return None
    minus, body, exponent = parts
    # A point alone is taken for decimals unless others say that these have commas; a comma alone for thousands.
    decimal = _decimal_sign(body) or sign or "."
    whole, _, rest = body.partition(decimal)
    if not (rest.isdigit() or rest == ""):
        return None
    if "." in whole or "," in whole:
        signs = set(re.findall("[.,]", whole))
        if len(signs) > 1 or not GROUPS.fullmatch(whole):
            return None
        whole = whole.replace(signs.pop(), "")
    return float(f"{minus}{whole or 0}.{rest or 0}e{exponent}")

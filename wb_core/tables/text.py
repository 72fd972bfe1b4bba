"""From text to rows of cells. Runs only in the child."""

import io
import re
from collections import Counter
from typing import Final, Literal

import pandas as pd

from .codes import MAX_CELLS, MAX_COLUMNS, refusal

MINIMAL: Final = 0  # csv.QUOTE_MINIMAL
NO_QUOTES: Final = 3  # csv.QUOTE_NONE
SEPARATORS = ("\t", ";", "|", ",")
LOOKED_AT = 100
"""The separator is found from this many lines."""

NUMBER = re.compile(r"[+-]?\d[\d.,]*\d|[+-]?\d")
QUOTED = re.compile(r'"[^"]*"')

Row = tuple[int, list[object]]
"""The number of a row, counted from 1, and its cells: texts, or numbers of an Excel file."""


def rows_of(text: str) -> tuple[list[Row], str]:
    """The rows of a text, blank ones included, and its separator."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    lines = [line for line in text[:200_000].split("\n") if line.strip()][:LOOKED_AT]
    separator = _separator(lines)
    if separator == " ":
        text = re.sub(r"[^\S\n]+", " ", text)
    width = 1 + max(line.count(separator) for line in text.split("\n"))
    if width > MAX_COLUMNS or width * text.count("\n") > 2 * MAX_CELLS:
        text, width = _narrowed(text, separator)
    quoting: Literal[0, 3] = MINIMAL if separator != " " else NO_QUOTES
    try:
        frame = _read(text, separator, width, quoting)
    except (pd.errors.ParserError, ValueError):  # a quotation mark that is not closed
        frame = _read(text, separator, width, NO_QUOTES)
    return [(number, list(cells)) for number, cells in enumerate(frame.to_numpy(dtype=object), start=1)], separator


def _read(text: str, separator: str, width: int, quoting: Literal[0, 3]) -> pd.DataFrame:
    return pd.read_csv(
        io.StringIO(text),
        sep=separator,
        header=None,
        names=range(width),
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        skipinitialspace=True,
        quoting=quoting,
        engine="c",
        index_col=False,
    )


def _narrowed(text: str, separator: str) -> tuple[str, int]:
    """The text without the separators at the ends of its lines, which empty columns leave behind."""
    text = "\n".join(line.rstrip(separator) for line in text.split("\n"))
    width = 1 + max(line.count(separator) for line in text.split("\n"))
    if width > MAX_COLUMNS or width * text.count("\n") > MAX_CELLS:
        raise refusal("table.too_many_cells")
    return text, width


def _separator(lines: list[str]) -> str:
    """The first separator that most lines have equally often; a space where numbers stand side by side."""
    bare = [QUOTED.sub("", line) for line in lines]
    for separator in SEPARATORS:
        if separator == "," and _spaced(bare):
            return " "
        counts = Counter(line.count(separator) for line in bare)
        usual, lines_with = max(((n, c) for n, c in counts.items() if n), key=lambda pair: pair[1], default=(0, 0))
        if usual and lines_with >= 0.5 * len(bare):
            return separator
    if _spaced(bare):
        return " "
    return max(SEPARATORS, key=lambda separator: sum(separator in line for line in bare))


def _spaced(lines: list[str]) -> bool:
    """Whether most lines are numbers, and perhaps a word, with spaces between them, and no groups of thousands."""
    found = [line.split() for line in lines]
    found = [cells if all(map(NUMBER.fullmatch, cells[-1:])) else cells[:-1] for cells in found]
    pairs = [cells for cells in found if len(cells) > 1 and all(map(NUMBER.fullmatch, cells))]
    grouped = [cells for cells in pairs if all(re.fullmatch(r"\d{3}([.,]\d+)?", cell) for cell in cells[1:])]
    return len(pairs) > len(lines) / 2 and len(grouped) < len(pairs)

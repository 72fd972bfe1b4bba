"""From rows to named columns of numbers. Runs only in the child."""

from collections.abc import Sequence

import numpy as np

from .codes import MAX_CELLS, MAX_COLUMNS, refusal
from .kinds import read_kinds
from .numbers import EMPTY, Decimals, is_number, plain, read_column
from .protocol import MAX_GIVEN, MAX_TEXT, Content, Given
from .text import Row

HEAD = 50
"""The first row of data is looked for among this many rows."""


def content_of(rows: Sequence[Row], separator: str, sheet: str = "") -> Content:
    """The columns of a table. Raises `DataError` if there are no numbers in it."""
    rows = [(number, cells) for number, cells in rows if any(map(_filled, cells))]
    if not rows:
        raise refusal("table.empty")
    rows = _filled_columns(rows)
    if len(rows[0][1]) > MAX_COLUMNS or len(rows) * len(rows[0][1]) > MAX_CELLS:
        raise refusal("table.too_many_cells")
    header, first = _header(rows)
    names = _names(rows[header][1] if header is not None else [""] * len(rows[0][1]))
    rows = rows[first:]
    columns = list(zip(*(cells for _, cells in rows), strict=True))
    decimals = [Decimals(cells) for cells in columns]
    table = Decimals()
    for one in decimals:
        table.counts.update(one.counts)
    values, codes, given, kinds, labels = [], [], [], [], []
    for place, (cells, one) in enumerate(zip(columns, decimals, strict=True)):
        sign = one.sign(table, separator)
        numbers, what = read_column(cells, sign)
        texts, which = read_kinds(cells, sign)
        kinds.append(tuple(map(shown, texts)))
        labels.append(which)
        values.append(numbers)
        codes.append(what)
        bad = [at for at, code in enumerate(what) if code > EMPTY][: MAX_GIVEN // len(columns)]
        given += [Given(place, at, shown(cells[at])) for at in bad]
    numbers_of_rows = np.array([number for number, _ in rows], dtype=np.int64)
    return Content(
        names,
        numbers_of_rows,
        np.array(values, float),
        np.array(codes, np.uint8),
        tuple(given),
        tuple(kinds),
        np.array(labels, np.uint8),
        sheet,
    )


def shown(cell: object) -> str:
    """A cell as short printable text in one line."""
    text = f"{cell:.10g}" if isinstance(cell, float) else str(cell)[:1000]
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _filled(cell: object) -> bool:
    return not isinstance(cell, str) or (bool(cell) and bool(plain(cell)))


def _filled_columns(rows: Sequence[Row]) -> list[Row]:
    """The rows without columns that are empty in all of them."""
    width = max(len(cells) for _, cells in rows)
    used = [place for place in range(width) if any(place < len(cells) and _filled(cells[place]) for _, cells in rows)]
    return [(number, [cells[at] if at < len(cells) else "" for at in used]) for number, cells in rows]


def _header(rows: Sequence[Row]) -> tuple[int | None, int]:
    """The place of the row with the names, if there is one, and that of the first row of data.

    The names are in the fullest row without numbers above the first row with two numbers. What is above them is a
    title; what is between them and the numbers are data, which are left out.
    """
    head = rows[:HEAD]
    counts = [sum(map(is_number, cells)) for _, cells in head]
    enough = min(2, max(counts))
    first = counts.index(enough) if enough in counts else next(i for i, n in enumerate(counts) if n >= enough)
    if not enough:  # perhaps all numbers come later
        first = len(head)
    above = [place for place in range(first) if not counts[place]]
    header = max(above, key=lambda place: (sum(map(_filled, rows[place][1])), -place), default=None)
    return (None, 0) if header is None or header + 1 == len(rows) else (header, header + 1)


def _names(cells: Sequence[object]) -> tuple[str, ...]:
    """Names that are unique: those of the header; where it has none, letters as in a spreadsheet."""
    names: list[str] = []
    for place, cell in enumerate(cells):
        name = shown(cell) or _letters(place)
        unique, count = name, 1
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names.append(unique)
    return tuple(names)


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)

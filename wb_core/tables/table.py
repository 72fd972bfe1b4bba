"""A table that a visitor pasted or uploaded, and the points in two of its columns."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..base.errors import DataError
from ..base.points import MAX_POINTS
from ..sandbox.pool import Sandbox
from .codes import CELL_CODES, refusal
from .numbers import CELLS
from .protocol import MAX_ANSWER, Content, question, unpack

MAX_BYTES = 5_000_000
"""A table has at most this many bytes."""

MAX_LEFT_OUT = 1_000
"""At most this many rows are listed as left out."""

MARK = "\ufeff"

REASONS = {"unit": "table.units", "date": "table.dates", "too_large": "table.huge"}
"""From what most cells of a column are to the code of the error."""

SANDBOX = Sandbox("wb_core.tables.opener", lambda reason: refusal(f"table.{reason}"), seconds=(1.0, 3.0))


@dataclass(frozen=True)
class LeftOut:
    """A row that has no point: its number in the file, counted from 1, the column, what was `given` there, and why.

    `given` and `column` are text of the file: display them as plain text. `code` is one of `CELL_CODES`.
    """

    row: int
    column: str
    given: str
    code: str

    @property
    def sentence(self) -> str:
        """The reason in English."""
        return CELL_CODES[self.code].format(row=self.row, column=self.column, given=self.given)


@dataclass(frozen=True)
class Points:
    """The points of a table: `values` are (x, y), in the order of its rows.

    `read` rows were read, of which `good` have a number in both columns. If these are more than 10,000, `values` are a
    seeded sample of them. `left_out` are the other rows, up to the first 1,000.
    """

    x: str
    y: str
    values: tuple[tuple[float, float], ...]
    left_out: tuple[LeftOut, ...]
    read: int
    good: int

    @property
    def sampled(self) -> bool:
        """Whether the values are only a sample of the good rows."""
        return len(self.values) < self.good


class DataTable:
    """A table of numbers. `columns` are its names, `rows` how many were read.

    `sheet` is the name of its Excel sheet, and `sheets` are those of its file with as many numbers.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._given = {(one.column, one.row): one.text for one in content.given}
        self.columns, self.rows = content.names, len(content.rows)
        self.sheet, self.sheets = content.sheet, content.sheets

    @property
    def numeric(self) -> tuple[str, ...]:
        """The names of the columns in which most cells are numbers, or else of those that have any."""
        filled = np.maximum((self._content.codes != CELLS.index("empty")).sum(axis=1), 1)
        share = (self._content.codes == 0).sum(axis=1) / filled
        most = [name for name, part in zip(self.columns, share, strict=True) if part > 0.5]
        return tuple(most if len(most) > 1 else [n for n, part in zip(self.columns, share, strict=True) if part > 0])

    def head(self, count: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """The first `count` rows: the number of each in the file, and its cells as short plain text."""
        rows, places = self._content.rows[:count].tolist(), range(len(self.columns))
        return tuple((row, tuple(self._cell(place, at) for place in places)) for at, row in enumerate(rows))

    def _cell(self, place: int, at: int) -> str:
        if self._content.codes[place, at] == 0:
            return f"{self._content.values[place, at]:.10g}"
        return self._given.get((place, at), "")

    def points(self, x: str | None = None, y: str | None = None, *, seed: int = 42) -> Points:
        """The points with X from the column `x` and y from the column `y`, by default the first two with numbers.

        Raises `DataError` for a column that isn't there or has no numbers, for fewer than two points, and if all have
        the same X: with `row`, `column` and `given` in its `values`, where there are such.
        """
        first, second = self._place(x, y), self._place(y, x, 1)
        content = self._content
        good = np.flatnonzero((content.codes[first] == 0) & (content.codes[second] == 0))
        for place in (first, second):
            if not (content.codes[place] == 0).any():
                raise self._no_numbers(place)
        if len(good) < 2:
            raise refusal("table.too_few", count=len(good), column=self.columns[first])
        chosen = good
        if len(good) > MAX_POINTS:
            chosen = np.sort(np.random.default_rng(seed).choice(good, MAX_POINTS, replace=False))
        X, Y = content.values[first, chosen], content.values[second, chosen]
        if np.ptp(X) == 0:
            row = int(content.rows[good[0]])
            raise refusal("table.same_x", column=self.columns[first], given=f"{X[0]:.10g}", row=row)
        values = tuple(zip(X.tolist(), Y.tolist(), strict=True))
        left_out = tuple(self._left_out(first, second))
        return Points(self.columns[first], self.columns[second], values, left_out, self.rows, len(good))

    def _place(self, name: str | None, other: str | None, number: int = 0) -> int:
        if name is None:
            free = [one for one in self.numeric if one != other]
            if len(self.numeric) < 2:
                raise self._too_few_columns()
            name = free[number if other is None else 0]
        if name not in self.columns:
            raise refusal("table.no_column", column=str(name)[:40])
        return self.columns.index(name)

    def _left_out(self, first: int, second: int) -> Iterator[LeftOut]:
        codes, rows = self._content.codes, self._content.rows
        for at in np.flatnonzero(codes[first] | codes[second])[:MAX_LEFT_OUT].tolist():
            place = first if codes[first, at] else second
            code = f"cell.{CELLS[codes[place, at]]}"
            yield LeftOut(int(rows[at]), self.columns[place], self._given.get((place, at), ""), code)

    def _too_few_columns(self) -> DataError:
        """Why there are no two columns of numbers: numbers with units, for example, would be another one."""
        almost = [place for place in range(len(self.columns)) if self._reason(place) in REASONS]
        if almost:
            return self._no_numbers(almost[0])
        return refusal("table.one_column", column=self.numeric[0]) if self.numeric else self._no_numbers(0)

    def _no_numbers(self, place: int) -> DataError:
        """Why a column has no numbers, by its first cell that isn't empty."""
        at = int(np.argmax(self._content.codes[place] != CELLS.index("empty")))
        values = {"row": int(self._content.rows[at]), "given": self._given.get((place, at), "")}
        code = REASONS.get(self._reason(place), "table.no_numbers")
        return refusal(code, column=self.columns[place], **values)

    def _reason(self, place: int) -> str:
        """What most cells of a column are that are no numbers; "" if most are numbers."""
        codes = self._content.codes[place]
        filled = codes[codes != CELLS.index("empty")]
        return CELLS[int(np.bincount(filled, minlength=len(CELLS)).argmax())] if len(filled) else "empty"


def read_table(data: bytes | str, *, sheet: str = "") -> DataTable:
    """The table in a pasted text or in a file: CSV, TSV, text or XLSX of at most 5,000,000 bytes.

    Of a workbook, it is the `sheet` with this name, or the first with numbers in two columns.

    Raises `DataError` for anything else: `code`, and in `values` what the sentence needs, such as `row`, `column` and
    `given`. Another process opens the file, with limited memory and time.
    """
    if not isinstance(data, str | bytes | bytearray | memoryview):
        raise TypeError("a table is a text or bytes")
    raw = (MARK + data).encode("utf-8", "replace") if isinstance(data, str) else bytes(data)
    if not raw or raw == MARK.encode():
        raise refusal("table.empty")
    if len(raw) > MAX_BYTES:
        raise refusal("table.too_large", size=len(raw), limit=MAX_BYTES)
    table = DataTable(SANDBOX.open(question(raw, sheet), MAX_ANSWER, unpack))
    if sheet not in ("", table.sheet):
        raise refusal("table.no_sheet", sheet=sheet[:40])
    if not table.numeric:
        raise table._too_few_columns()
    return table

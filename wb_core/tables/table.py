"""A table that a visitor pasted or uploaded, and the points in two of its columns."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..base.errors import DataError
from ..sandbox.pool import Sandbox
from .codes import refusal
from .numbers import CELLS
from .points import LeftOut, Points, in_order, sample
from .protocol import MAX_ANSWER, Content, question, unpack

MAX_BYTES = 5_000_000
"""A table has at most this many bytes."""

MAX_CLASSES = 4
MIN_SPOTS = 4
"""Points with classes have at most so many classes, and are at least so many."""

LIKELY = {
    "class",
    "classes",
    "label",
    "labels",
    "target",
    "group",
    "species",
    "category",
    "클래스",
    "분류",
    "라벨",
    "종류",
}
"""Names of columns that say the class."""

MAX_LEFT_OUT = 1_000
"""At most this many rows are listed as left out."""

MARK = "\ufeff"

REASONS = {"unit": "table.units", "date": "table.dates", "too_large": "table.huge"}
"""From what most cells of a column are to the code of the error."""

SANDBOX = Sandbox("wb_core.tables.opener", lambda reason: refusal(f"table.{reason}"), seconds=(1.0, 3.0))


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
        first, second = self._usual(x, y), self._usual(y, x, 1)
        content, good = self._content, np.flatnonzero(self._has_numbers(first, second))
        if len(good) < 2:
            raise refusal("table.too_few", count=len(good), column=self.columns[first])
        chosen = sample(good, seed)
        X, Y = content.values[first, chosen], content.values[second, chosen]
        if np.ptp(X) == 0:
            row = int(content.rows[good[0]])
            raise refusal("table.same_x", column=self.columns[first], given=f"{X[0]:.10g}", row=row)
        values = tuple(zip(X.tolist(), Y.tolist(), strict=True))
        left_out = tuple(self._left_out(first, second))
        return Points(self.columns[first], self.columns[second], values, left_out, self.rows, len(good))

    @property
    def usual_spots(self) -> tuple[str, ...]:
        """The columns that `spots` takes by default: two of numbers, and one with two to four different contents.

        A column that is meant for the classes is among them although it has just one, for which `spots` has an error.
        """
        content, names = self._content, self.columns
        text = {place for place, name in enumerate(names) if name not in self.numeric}

        def may_be_classes(place: int) -> bool:
            meant = names[place].casefold() in LIKELY or (place in text and len(names) == 3)
            one, most = len(content.kinds[place]) == 1, content.labels[place].max(initial=0)
            return bool(0 < most <= MAX_CLASSES and (meant or not one))

        few = [*filter(may_be_classes, range(len(names)))]
        few.sort(key=lambda place: (names[place].casefold() in LIKELY, place in text, place))
        for label in [names[place] for place in reversed(few)] or names[:1:-1]:
            numbers = [name for name in self.numeric if name != label][:2]
            if len(numbers) == 2:
                return (*numbers, label)
        raise refusal("table.spot_columns") if len(self.columns) < 3 else self._too_few_columns()

    def spots(
        self, x1: str | None = None, x2: str | None = None, label: str | None = None, *, seed: int = 42
    ) -> Points:
        """The points with their classes, from two columns of numbers and one of numbers or texts, `label`.

        Its two to four different contents become the classes 0, 1, ... by number or by the alphabet. Raises
        `DataError` for a column that isn't there, for one without numbers, for other numbers of classes, and for fewer
        than four points.
        """
        names = [x1, x2, label] if x1 and x2 and label else [*self.usual_spots]
        chosen = (one or name for one, name in zip((x1, x2, label), names, strict=True))
        first, second, third = map(self._place, chosen)
        content, labels = self._content, self._content.labels[third]
        good = np.flatnonzero(self._has_numbers(first, second) & (labels > 0))
        if len(good) < MIN_SPOTS:
            raise refusal("table.too_few_spots", count=len(good), least=MIN_SPOTS)
        found, firsts = np.unique(labels[good], return_index=True)
        if len(found) > MAX_CLASSES or found[-1] > len(content.kinds[third]):
            row = np.sort(firsts)[min(MAX_CLASSES, len(firsts) - 1)]
            raise self._wrong_classes("table.many_classes", third, good[row], most=MAX_CLASSES)
        if len(found) == 1:
            raise self._wrong_classes("table.one_class", third, good[0])
        text_of = {one: content.kinds[third][one - 1] for one in found.tolist()}
        order = sorted(text_of, key=lambda one: in_order(text_of[one]))
        rows = sample(good, seed, needed=good[firsts].tolist())
        X1, X2 = (content.values[place, rows].tolist() for place in (first, second))
        classes = [order.index(one) for one in labels[rows].tolist()]
        return Points(
            self.columns[first],
            self.columns[second],
            tuple(zip(X1, X2, classes, strict=True)),
            tuple(self._left_out(first, second, third)),
            self.rows,
            len(good),
            self.columns[third],
            tuple(map(text_of.__getitem__, order)),
        )

    def _has_numbers(self, *places: int) -> np.ndarray:
        """For each row, whether it has a number in each of these columns. Raises `DataError` for one without any."""
        codes = self._content.codes[list(places)]
        for place, numbers in zip(places, codes == 0, strict=True):
            if not numbers.any():
                raise self._no_numbers(place)
        return np.asarray((codes == 0).all(axis=0))

    def _wrong_classes(self, code: str, place: int, at: int, **values: Any) -> DataError:
        """The error for the classes in a column, with the row at this place."""
        number, kinds = int(self._content.labels[place, at]), self._content.kinds[place]
        given = kinds[number - 1] if number <= len(kinds) else "…"
        return refusal(code, column=self.columns[place], row=int(self._content.rows[at]), given=given, **values)

    def _usual(self, name: str | None, other: str | None, number: int = 0) -> int:
        """The place of a column, or of one of the first two with numbers that isn't the `other` one."""
        if name is None:
            free = [one for one in self.numeric if one != other]
            if len(self.numeric) < 2:
                raise self._too_few_columns()
            name = free[number if other is None else 0]
        return self._place(name)

    def _place(self, name: str) -> int:
        if name not in self.columns:
            raise refusal("table.no_column", column=str(name)[:40])
        return self.columns.index(name)

    def _left_out(self, first: int, second: int, label: int | None = None) -> Iterator[LeftOut]:
        """The rows without a number in either column, or without a content in that of the classes."""
        codes, rows = self._content.codes, self._content.rows
        reasons = [(place, codes[place]) for place in (first, second)]
        if label is not None:
            reasons.append((label, np.where(self._content.labels[label], 0, CELLS.index("empty"))))
        for at in np.flatnonzero(sum(reason for _, reason in reasons))[:MAX_LEFT_OUT].tolist():
            place, code = next((place, int(reason[at])) for place, reason in reasons if reason[at])
            yield LeftOut(int(rows[at]), self.columns[place], self._given.get((place, at), ""), f"cell.{CELLS[code]}")

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

"""The four ways to bring points, each of which returns what it has found."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

import wb_core as wb
from wb_core.base.fields import N_
from wb_core.base.points import ALLOWED, OwnPoints, PointList
from wb_core.tables.codes import refusal

from ..i18n import _
from ..sentences import explain
from ..session import state
from ..widgets.uploader import uploader
from . import paste_box, report
from .origin import Brought, Origin, of_example, title_of_file

MEGABYTES = 2
"""The largest file, and the largest pasted text."""

MOST_TYPED = 200
"""A larger set of points does not begin as a table to type into."""

READS = OwnPoints(N_("My points"))


@dataclass(frozen=True)
class Found:
    """Points to learn from, and their origin."""

    points: PointList
    origin: Origin


@dataclass
class Reading:
    """What a pasted text or a file was read as. It is read once, and again when there is another one."""

    given: object = None
    table: wb.DataTable | None = None
    error: wb.DataError | None = None
    number: int = 0  # of the tables so far: each has its own choice of columns

    def read(self, key: object, data: bytes | str, sheet: str = "") -> None:
        """Read a table, or a sheet of it, unless it is the last one, which `key` tells."""
        if key == self.given:
            return
        self.given, self.number, self.table, self.error = key, self.number + 1, None, None
        try:
            self.table = wb.read_table(data, sheet=sheet)
        except wb.DataError as error:
            self.error = error

    def points(self, x: str, y: str) -> wb.Points:
        """The points in two columns of the table. Raises `DataError` if there are none."""
        if self.table is None:
            raise self.error or refusal("table.empty")
        return self.table.points(x, y)

    def refuse(self, error: wb.DataError | None) -> None:
        """Put an error, or nothing, in the place of a table that is not read."""
        self.given, self.table, self.error = None, None, error


class Readings:
    """What the dialog has read since it was opened, and the table that is typed into."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.pasted, self.file, self.cells = Reading(), Reading(), Reading()
        self.base: pd.DataFrame | None = None  # that the widget was given, and
        self.typed: pd.DataFrame | None = None  # what has become of it


def paste() -> Found | None:
    reading = state.of(Readings).pasted

    def arrived(text: str, length: int) -> None:
        if length > MEGABYTES * 1_000_000:
            reading.refuse(refusal("table.too_large", size=length, limit=MEGABYTES * 1_000_000))
        elif text.strip():
            reading.read(text, text)
        else:
            reading.refuse(None)

    paste_box.draw("points.pasted", reading.given if isinstance(reading.given, str) else "", arrived)
    st.button(_("Read"), key="points.read", icon=":material/visibility:")
    return _columns(reading, "pasted", "")


def file() -> Found | None:
    reading = state.of(Readings).file
    given = uploader(
        _("Upload a table"),
        megabytes=MEGABYTES,
        key="points.file",
        help=_("CSV, TSV, text or Excel (.xlsx), {megabytes} MB at most.").format(megabytes=MEGABYTES),
    )
    if given is None:
        return None
    key = f"points.sheet.{given.file_id}"
    sheet = str(state.get(key, ""))
    with st.spinner(_("The table is being read.")):
        reading.read((given.file_id, sheet), given.getvalue(), sheet)
    if reading.table is not None and len(reading.table.sheets) > 1:
        state.prime(key, reading.table.sheet)
        st.selectbox(_("Sheet"), reading.table.sheets, key=key)
    return _columns(reading, "file", title_of_file(given.name))


def _columns(reading: Reading, name: str, title: str) -> Found | None:
    """Let the visitor choose the columns of a table, and show what is read from them."""
    table = reading.table
    if table is None:
        if reading.error is not None:
            st.error(explain(reading.error), icon=":material/error:")
        return None
    usual = table.numeric[:2]
    chosen: list[str | None] = [None, None]
    if len(usual) == 2:
        for place, (column, label) in enumerate(
            zip(st.columns(2), (_("Column for X"), _("Column for y")), strict=True)
        ):
            with column:
                chosen[place] = _column(label, table, usual[place], f"points.{name}.{reading.number}.{place}")
    try:
        points = table.points(*chosen)
    except wb.DataError as error:
        report.preview(table, *(one or "" for one in chosen))
        st.error(explain(error), icon=":material/error:")
        return None
    report.preview(table, points.x, points.y)
    report.counts(points)
    return Found(READS.check("points", points.values), Origin(title, points.x, points.y))


def _column(label: str, table: wb.DataTable, usual: str, key: str) -> str:
    """Draw the choice of a column, by its place because names are any text."""
    names = table.columns
    state.prime(key, names.index(usual))
    return names[st.selectbox(label, range(len(names)), format_func=names.__getitem__, key=key)]


def example() -> Found | None:
    left, right = st.columns([2, 3])
    with left:
        name = st.radio(
            _("Example"),
            list(wb.EXAMPLES),
            format_func=lambda name: _(wb.EXAMPLES[name].title),
            key="points.example",
            label_visibility="collapsed",
        )
    one = wb.EXAMPLES[name]
    with right:
        report.example(one)
    return Found(PointList(one.points), of_example(one))


def typed() -> Found | None:
    readings, brought = state.of(Readings), state.of(Brought)
    if readings.base is None or state.get("points.typed") is None:  # another tab forgets what the widget had
        readings.base = readings.typed if readings.typed is not None else _start(brought)
    st.caption(_("Press a cell to type a number into it. The last row adds another point."))
    cell = st.column_config.TextColumn
    readings.typed = st.data_editor(
        readings.base,
        key="points.typed",
        num_rows="dynamic",
        hide_index=True,
        height=250,
        placeholder="",
        column_config={"x": cell("X"), "y": cell("y")},
    )
    rows = [[_one_line(text) for text in row] for row in readings.typed.to_numpy(dtype=object)]
    if sum(all(row) for row in rows) < 2:
        st.caption(_("Type at least two points."))
        return None
    text = "\n".join("\t".join(row) for row in [["X", "y"], *rows])
    readings.cells.read(text, text)
    try:
        read = readings.cells.points("X", "y")
    except wb.DataError as error:
        st.error(explain(_as_typed(error)), icon=":material/error:")
        return None
    report.counts(replace(read, left_out=tuple(replace(one, row=one.row - 1) for one in read.left_out)))
    points = READS.check("points", read.values)
    edited = Brought()
    edited.take(brought.points, brought.origin)
    return Found(points, edited.follow(points))


def _start(brought: Brought) -> pd.DataFrame:
    """The table to type into, which begins with the present points."""
    points = brought.points if len(brought.points) <= MOST_TYPED else ()
    rows = [[_shown(number) for number in point] for point in points]
    return pd.DataFrame(rows + [["", ""]] * max(0, 5 - len(rows)), columns=["x", "y"], dtype=object)


def _shown(number: float) -> str:
    """A number as text that reads as itself whatever stands beside it: 1.234 could be thousands, 1.2340 can't."""
    return re.sub(r"(\.\d{3})(?=e|$)", r"\g<1>0", repr(number).removesuffix(".0"))


def _as_typed(error: wb.DataError) -> wb.WorkbenchError:
    """The error in a table that has no other columns, and whose names are in no row."""
    if error.code == "table.same_x":
        return wb.ConfigError("points.same_x", field="points", given=error.values["given"], allowed=ALLOWED)
    return refusal(error.code, **{**error.values, "row": error.values.get("row", 1) - 1})


def _one_line(text: object) -> str:
    """A cell without what would end it in a text of cells."""
    return " ".join(text.replace('"', "''").split()) if isinstance(text, str) else ""


SOURCES: dict[str, tuple[str, Callable[[], Found | None]]] = {
    "paste": (N_("Paste"), paste),
    "file": (N_("File"), file),
    "example": (N_("Example"), example),
    "typed": (N_("Table"), typed),
}
"""The name of each way and the function that draws it."""

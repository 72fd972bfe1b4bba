"""The four ways to bring points, each of which returns what it has found."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

import wb_core as wb
from wb_core.base.fields import N_
from wb_core.base.points import ALLOWED, PointList
from wb_core.tables.codes import refusal

from ..i18n import _
from ..sentences import explain
from ..session import state
from ..widgets.uploader import uploader
from . import paste_box, report, scale
from .origin import Brought, Origin, brought, of_example, title_of_file
from .shape import Shape

MEGABYTES = 2
"""The largest file, and the largest pasted text."""

MOST_TYPED = 200
"""A larger set of points does not begin as a table to type into."""


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

    def points(self, shape: Shape) -> wb.Points:
        """The points in the columns with its names. Raises `DataError` if there are none."""
        if self.table is None:
            raise self.error or refusal("table.empty")
        return shape.read(self.table, *shape.columns)

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


def paste(shape: Shape) -> Found | None:
    reading = state.of(Readings).pasted

    def arrived(text: str, length: int) -> None:
        if length > MEGABYTES * 1_000_000:
            reading.refuse(refusal("table.too_large", size=length, limit=MEGABYTES * 1_000_000))
        elif text.strip():
            reading.read(text, text)
        else:
            reading.refuse(None)

    given = reading.given if isinstance(reading.given, str) else ""
    paste_box.draw("points.pasted", given, arrived, label=_(shape.ask), example=shape.sample)
    st.button(_("Read"), key="points.read", icon=":material/visibility:")
    return _columns(shape, reading, "pasted", "")


def file(shape: Shape) -> Found | None:
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
    return _columns(shape, reading, "file", title_of_file(given.name))


def _columns(shape: Shape, reading: Reading, name: str, title: str) -> Found | None:
    """Let the visitor choose the columns of a table, and show what is read from them."""
    table = reading.table
    if table is None:
        if reading.error is not None:
            st.error(explain(reading.error), icon=":material/error:")
        return None
    chosen: list[str] = []
    try:
        usual = shape.usual(table)
        if len(usual) == len(shape.columns):
            for place, column in enumerate(st.columns(len(usual))):
                with column:
                    key = f"points.{name}.{reading.number}.{place}"
                    chosen.append(_column(_(shape.choose[place]), table, usual[place], key))
        points = shape.read(table, *chosen)
    except wb.DataError as error:
        report.preview(table, shape, chosen)
        st.error(explain(error), icon=":material/error:")
        return None
    report.preview(table, shape, chosen)
    report.counts(points)
    values, scaled = points.values, False
    if shape.scales:
        values, scaled = scale.draw(values, f"points.{name}.{reading.number}.scale")
    x, y = (_("{name} (standardized)").format(name=one) if scaled else one for one in (points.x, points.y))
    return Found(shape.spec.check(shape.field, values), Origin(title, x, y, points.classes))


def _column(label: str, table: wb.DataTable, usual: str, key: str) -> str:
    """Draw the choice of a column, by its place because names are any text."""
    names = table.columns
    state.prime(key, names.index(usual))
    return names[st.selectbox(label, range(len(names)), format_func=names.__getitem__, key=key)]


def example(shape: Shape) -> Found | None:
    left, right = st.columns([2, 3])
    with left:
        name = st.radio(
            _("Example"),
            list(shape.examples),
            format_func=lambda name: _(shape.examples[name].title),
            key=f"{shape.key}.example",
            label_visibility="collapsed",
        )
    one = shape.examples[name]
    with right:
        report.example(one, shape)
    return Found(shape.spec.check(shape.field, one.points), of_example(one))


def typed(shape: Shape) -> Found | None:
    readings, known, key = state.of(Readings), brought(shape), f"{shape.key}.typed"
    if readings.base is None or state.get(key) is None:  # another tab forgets what the widget had
        readings.base = readings.typed if readings.typed is not None else _start(shape, known)
    st.caption(_("Press a cell to type a number into it. The last row adds another point."))
    cell = st.column_config.TextColumn
    readings.typed = st.data_editor(
        readings.base,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        height=250,
        placeholder="",
        column_config={name.lower(): cell(name) for name in shape.columns},
    )
    rows = [[_one_line(text) for text in row] for row in readings.typed.to_numpy(dtype=object)]
    if sum(all(row) for row in rows) < shape.spec.least:
        st.caption(_(shape.too_few))
        return None
    text = "\n".join("\t".join(row) for row in [shape.columns, *rows])
    readings.cells.read(text, text)
    try:
        read = readings.cells.points(shape)
    except wb.DataError as error:
        st.error(explain(_as_typed(error)), icon=":material/error:")
        return None
    report.counts(replace(read, left_out=tuple(replace(one, row=one.row - 1) for one in read.left_out)))
    points = shape.spec.check(shape.field, read.values)
    edited = Brought()
    edited.take(known.points, known.origin)
    return Found(points, replace(edited.follow(points), classes=read.classes))


def _start(shape: Shape, known: Brought) -> pd.DataFrame:
    """The table to type into, which begins with the present points."""
    points = known.points if len(known.points) <= MOST_TYPED else ()
    names = dict(enumerate(known.origin.classes))
    rows = [[*map(_shown, point[:2]), *(names.get(label, str(label)) for label in point[2:])] for point in points]
    empty = [[""] * len(shape.columns)] * max(0, 5 - len(rows))
    return pd.DataFrame(rows + empty, columns=[name.lower() for name in shape.columns], dtype=object)


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


SOURCES: dict[str, tuple[str, Callable[[Shape], Found | None]]] = {
    "paste": (N_("Paste"), paste),
    "file": (N_("File"), file),
    "example": (N_("Example"), example),
    "typed": (N_("Table"), typed),
}
"""The name of each way and the function that draws it."""

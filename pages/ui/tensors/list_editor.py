"""The list of numbers as a grid: add or remove rows and columns, and edit a cell from the board."""

import itertools
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.tensorlab import OPERATIONS, Call
from wb_core.tensorlab.literal import flat, nested, read_number, shape_of

from ..i18n import _
from ..session import state
from . import paste

MAX_SIZE = 20  # rows or columns that a button adds up to


def draw_below() -> None:
    """Draw what was pasted, and the buttons that add and remove rows and columns, if the list is a table or a row."""
    paste.say()
    sides = _sides(_values())
    if sides is None:
        return
    with st.container(horizontal=True, gap="small", key="grid"):
        for label, more in (
            (_("+ row"), (1, 0)),
            (_("− row"), (-1, 0)),
            (_("+ column"), (0, 1)),
            (_("− column"), (0, -1)),
        ):
            off = not all(0 < side + by <= MAX_SIZE for side, by in zip(sides, more, strict=True))
            st.button(label, disabled=off, on_click=_resize, args=more, type="tertiary")


def write(call: Call, cell: int, text: str) -> None:
    """Write a number into the list behind the widget; `ConfigError` if it is not a list."""
    values = call.args["values"]
    shape, numbers = shape_of(values), flat(values)
    if shape is None or cell >= len(numbers):
        raise wb.ConfigError("list.number", field="values", given=text, allowed="a cell that is there")
    numbers[cell] = read_number(text)
    _put(nested(numbers, shape))


def _values() -> Any:
    """The current list behind the widget; None if it is not a list."""
    param = OPERATIONS["tensor"].params["values"]
    try:
        return param.check("values", state.get(paste.VALUES, param.code(param.default)))
    except wb.ConfigError:
        return None


def _sides(values: Any) -> tuple[int, int] | None:
    """The numbers of rows and columns of a list; None unless it is a table or a row."""
    shape = shape_of(values) if isinstance(values, tuple) else None
    if shape is None or not 1 <= len(shape) <= 2 or 0 in shape:
        return None
    return (1, shape[0]) if len(shape) == 1 else (shape[0], shape[1])


def _resize(rows: int, columns: int) -> None:
    """Add this many rows and columns to the current list, or remove them if negative."""
    paste.settle()  # the click may have come together with a paste
    values = _values()
    sides = _sides(values)
    if sides is None:
        return
    row_alone = not isinstance(values[0], tuple)
    table = (values,) if row_alone else values
    kinds = {type(number) for number in flat(values)}
    nothing = False if kinds == {bool} else 0.0 if float in kinds else 0
    wide = sides[1] + columns
    padded = [tuple(itertools.islice(itertools.chain(row, itertools.repeat(nothing)), wide)) for row in table]
    padded = [*padded, *[(nothing,) * wide] * max(0, rows)][: sides[0] + rows]
    _put(padded[0] if row_alone and len(padded) == 1 else tuple(padded))


def _put(values: Any) -> None:
    state.put(paste.VALUES, OPERATIONS["tensor"].params["values"].code(values))

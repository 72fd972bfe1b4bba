"""The list of numbers as a grid: rows and columns more or fewer, and a cell written from the board."""

import itertools
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.tensorlab import OPERATIONS, Call
from wb_core.tensorlab.literal import flat, nested, read_number, shape_of

from .. import state
from ..i18n import _
from . import widgets
from .lab import TensorLab

KEY = widgets.key_of(OPERATIONS["tensor"], "values")
MOST = 20  # rows or columns that a button adds up to


def buttons(lab: TensorLab) -> None:
    """Draw the buttons that add and take away rows and columns, where the list is a table or a row."""
    values = None if lab.call is None or lab.call.operation.id != "tensor" else lab.call.args["values"]
    shape = shape_of(values) if values is not None else None
    if shape is None or not 1 <= len(shape) <= 2 or 0 in shape:
        return
    rows, columns = shape if len(shape) == 2 else (1, shape[0])
    with st.container(horizontal=True, gap="small", key="grid"):
        for label, size in (
            (_("+ row"), (rows + 1, columns)),
            (_("− row"), (rows - 1, columns)),
            (_("+ column"), (rows, columns + 1)),
            (_("− column"), (rows, columns - 1)),
        ):
            off = not all(0 < side <= MOST for side in size)
            st.button(label, disabled=off, on_click=_resize, args=(values, *size), type="tertiary")


def write(call: Call, cell: int, text: str) -> None:
    """Write a number into the list behind the widget; `ConfigError` where it is none."""
    values = call.args["values"]
    shape, numbers = shape_of(values), flat(values)
    if shape is None or cell >= len(numbers):
        raise wb.ConfigError("list.number", field="values", given=text, allowed="a cell that is there")
    numbers[cell] = read_number(text)
    _put(nested(numbers, shape))


def _resize(values: Any, rows: int, columns: int) -> None:
    table = values if isinstance(values[0], tuple) else (values,)
    padded = [list(itertools.islice(itertools.chain(row, itertools.repeat(0)), columns)) for row in table[:rows]]
    padded += [[0] * columns for _row in range(rows - len(padded))]
    _put(tuple(map(tuple, padded)))


def _put(values: Any) -> None:
    state.put(KEY, OPERATIONS["tensor"].params["values"].code(values))

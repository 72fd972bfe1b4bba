"""A child's answer to a table: plain bytes, never pickled objects.

A message of `base/wire.py`: the fields {"refused": code, "values": ...}, or those of `Content` and its arrays. The file
may control the child that opened it, so its answer is checked here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base import wire
from ..base.errors import DataError
from ..base.points import LARGEST
from ..base.wire import expect
from .codes import FROM_CHILD, MAX_CELLS, MAX_COLUMNS, refusal
from .kinds import MAX_KINDS
from .numbers import CELLS

MAX_TEXT = 40
"""A name or a cell is given with at most this many characters."""

MAX_SHEET = 255
"""The name of a sheet has at most this many bytes."""

MAX_SHEETS = 20
"""The first of this many sheets that has numbers is read."""

MAX_GIVEN = 2_000
"""At most this many cells are given as text."""

ARRAYS = ("rows", "values", "codes", "labels")

MAX_ANSWER = 12 * MAX_CELLS + 8 * MAX_CELLS + (1 << 20)


@dataclass(frozen=True)
class Given:
    """The text of a cell that is no number, by the places of its column and its row."""

    column: int
    row: int
    text: str


@dataclass(frozen=True, eq=False)
class Content:
    """A table of C columns: their `names`, the numbers of its N `rows` (N,) in the file, counted from 1, and the
    `values` (C, N) float64. `codes` (C, N) uint8 say what each cell is, an index into `CELLS`; where it is no number,
    the value is nan and `given` has the text of the first cells. `kinds` are up to 6 different texts of each column,
    and `labels` (C, N) uint8 say which one each cell has: 1 for the first one, 0 for none, 7 for any other. `sheet` is
    the name of the sheet, "" for a text, and `sheets` are those that one can choose from.
    """

    names: tuple[str, ...]
    rows: np.ndarray
    values: np.ndarray
    codes: np.ndarray
    given: tuple[Given, ...]
    kinds: tuple[tuple[str, ...], ...]
    labels: np.ndarray
    sheet: str
    sheets: tuple[str, ...] = ()


def question(data: bytes, sheet: str) -> bytes:
    """What a child is sent: a table, and the name of the sheet to read, "" for the usual one."""
    name = sheet.encode("utf-8", "replace")[:MAX_SHEET]
    return bytes([len(name)]) + name + data


def read_question(sent: bytes) -> tuple[bytes, str]:
    """The table in a question, and the name of the sheet."""
    start = 1 + sent[0]
    return sent[start:], sent[1:start].decode("utf-8", "replace")


def pack(content: Content) -> bytes:
    """The content as bytes."""
    given = [[one.column, one.row, one.text] for one in content.given]
    arrays = {name: getattr(content, name) for name in ARRAYS}
    fields = {name: getattr(content, name) for name in ("names", "kinds", "sheet", "sheets")}
    return wire.pack({**fields, "given": given}, arrays)


def pack_refusal(error: DataError) -> bytes:
    """A refusal as bytes."""
    return wire.pack({"refused": error.code, "values": error.values}, {})


def unpack(answer: bytes) -> Content:
    """The content in an answer. Raises `DataError` if the child refused the file; "table.crashed" if it is invalid."""
    try:
        expect(len(answer) <= MAX_ANSWER)
        fields, arrays = wire.unpack(answer)
        if "refused" not in fields:
            expect(fields.keys() == {"names", "given", "kinds", "sheet", "sheets"} and arrays.keys() == set(ARRAYS))
            return _content(fields, **arrays)
        code, values = fields["refused"], _values(fields["values"])
        expect(code in FROM_CHILD)
        refused = refusal(code, **values)
    except (ValueError, TypeError, KeyError, IndexError):
        raise refusal("table.crashed") from None
    raise refused


def _values(values: dict[str, Any]) -> dict[str, Any]:
    expect(set(values) <= {"row", "column", "given", "columns", "cells"})
    expect(all(type(value) is int or _is_text(value) for value in values.values()))
    return values


def _content(
    fields: dict[str, Any], rows: np.ndarray, values: np.ndarray, codes: np.ndarray, labels: np.ndarray
) -> Content:
    names, sheet, sheets = fields["names"], fields["sheet"], fields["sheets"]
    expect(all(map(_is_text, names)) and len(set(names)) == len(names) and (sheet == "" or _is_text(sheet)))
    expect(len(sheets) <= MAX_SHEETS and all(map(_is_text, sheets)) and (sheet in sheets or (not sheet and not sheets)))
    shape = len(names), len(rows)
    expect(1 <= shape[0] <= MAX_COLUMNS and shape[1] >= 1 and shape[0] * shape[1] <= MAX_CELLS)
    expect(rows.dtype == np.int64 and rows.shape == shape[1:] and bool((np.diff(rows, prepend=0) > 0).all()))
    expect(values.dtype == np.float64 and codes.dtype == np.uint8 and values.shape == codes.shape == shape)
    expect(bool((codes < len(CELLS)).all()) and bool((np.isnan(values) == (codes > 0)).all()))
    expect(not bool((np.abs(values) > LARGEST).any()))
    expect(len(fields["given"]) <= MAX_GIVEN)
    given = tuple(Given(*one) for one in fields["given"])
    for one in given:
        expect(type(one.column) is int and type(one.row) is int and _is_text(one.text))
        expect(0 <= one.column < shape[0] and 0 <= one.row < shape[1])
    kinds = tuple(map(tuple, fields["kinds"]))
    expect(len(kinds) == shape[0] and all(len(texts) <= MAX_KINDS and all(map(_is_text, texts)) for texts in kinds))
    expect(labels.dtype == np.uint8 and labels.shape == shape)
    for row, texts in zip(labels, kinds, strict=True):
        expect(set(np.unique(row).tolist()) <= {*range(len(texts) + 1), MAX_KINDS + 1})
    return Content(tuple(names), rows, values, codes, given, kinds, labels, sheet, tuple(sheets))


def _is_text(text: object) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= MAX_TEXT + 8 and text.isprintable()

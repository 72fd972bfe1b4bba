"""Compares the tensors of a file with those of a model, and says why a file does not fit."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .sandbox.codes import refusal
from .sandbox.protocol import REAL_FLOATS
from .table import Table

Shape = tuple[int, ...]
Tensors = Mapping[str, tuple[Shape, str]]
"""By name, the shape and dtype of each tensor of a model."""


@dataclass(frozen=True)
class Comparison:
    """For one tensor name, what the file has and what the model needs; None where it is absent.

    `found_name` is its name in the file if that is another one.
    """

    name: str
    found_shape: tuple[int, ...] | None
    found_dtype: str | None
    needed_shape: tuple[int, ...] | None
    needed_dtype: str | None
    found_name: str | None = None

    @property
    def fits(self) -> bool:
        """Whether the shapes match and the file has a floating-point type (`REAL_FLOATS`)."""
        return self.found_shape == self.needed_shape and self.found_dtype in REAL_FLOATS


def compare(table: Table, needed: Tensors) -> tuple[Comparison, ...]:
    """One row per name: the model's names first, then those that only the table has."""
    found = {entry.name: (entry.shape, entry.dtype) for entry in table.entries}
    rows = []
    for name in dict.fromkeys([*needed, *found]):
        found_shape, found_dtype = found.get(name, (None, None))
        needed_shape, needed_dtype = needed.get(name, (None, None))
        found_name = table.found_names.get(name)
        rows.append(Comparison(name, found_shape, found_dtype, needed_shape, needed_dtype, found_name))
    return tuple(rows)


BATCH_NORM = re.compile(r"(.*\.)?running_(mean|var)")
WEIGHT_NORM = re.compile(r"(.*\.)?(weight_[gv]|parametrizations\.\w+\.original\d*)")


def check_fit(rows: tuple[Comparison, ...]) -> None:
    """Raise unless names, shapes and types fit. Wrong names are reported before wrong shapes."""
    needed = ", ".join(row.name for row in rows if row.needed_shape is not None)
    unknown = [row.name for row in rows if row.needed_shape is None]
    for code, pattern in (("batch_norm", BATCH_NORM), ("weight_norm", WEIGHT_NORM)):
        if any(map(pattern.fullmatch, unknown)):
            raise refusal(f"checkpoint.{code}")
    _check_inputs(rows)
    for row in rows:
        if row.found_shape is None:
            _check_size(rows)
            raise refusal("checkpoint.missing_key", name=row.name, needed=needed)
    if unknown:
        raise refusal("checkpoint.unexpected_key", count=len(unknown), needed=needed)
    for row in rows:
        if row.found_shape != row.needed_shape:
            raise refusal("checkpoint.wrong_shape", name=row.name, found=row.found_shape, needed=row.needed_shape)
        if not row.fits:
            raise refusal("checkpoint.wrong_dtype", name=row.name, found=row.found_dtype)


def _check_inputs(rows: tuple[Comparison, ...]) -> None:
    """Raise if the file has a single layer, and it takes another number of inputs than the model."""
    found, needed = _matrices(row.found_shape for row in rows), _matrices(row.needed_shape for row in rows)
    takes = needed[0][1] if needed else 1  # a model of single numbers is a line
    if len(found) == 1 and len(found[0]) == 2 and found[0][1] != takes:
        raise refusal("checkpoint.other_inputs", found=found[0][1], needed=takes)


def _matrices(shapes: Iterable[Shape | None]) -> list[Shape]:
    return [shape for shape in shapes if shape is not None and len(shape) > 1]


def _check_size(rows: tuple[Comparison, ...]) -> None:
    """Raise if the file has none of the model's names, and another number of parameters: it is another model."""
    if any(row.found_shape is not None and row.needed_shape is not None for row in rows):
        return
    found = sum(math.prod(row.found_shape) for row in rows if row.found_shape is not None)
    needed = sum(math.prod(row.needed_shape) for row in rows if row.needed_shape is not None)
    if found != needed:
        raise refusal("checkpoint.other_size", found=found, needed=needed)

"""The answer of a child: plain bytes, never pickled objects.

It is a message of `base/wire.py`: the fields {"refused": code}, or {"tables": [[place, [[name, shape, dtype], ...]],
...], "left_out": [...]} and a float32 array for each entry with values, named by the entry's number, counted through
all tables.

The file may control the child that opened it, so its answer is checked here.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...base import wire
from ...base.wire import expect
from .codes import CHECKPOINT_CODES, refusal

MAX_TABLES = 16
MAX_ENTRIES = 1024
MAX_DIMS = 8
MAX_HEADER = 1 << 20
REAL_FLOATS = ("float16", "bfloat16", "float32", "float64")
NAME = re.compile(r"[\w.-]{1,100}")
WORDS = (
    "actor|average|averaged|avg|backbone|base|before|after|best|checkpoint|ckpt|critic|current|decoder|dict|discriminator"
    "|ema|encoder|end|epoch|final|first|generator|half|head|init|initial|last|latest|main|master|model|models|module|net"
    "|network|new|nn|old|online|param|parameters|params|policy|pretrained|second|shadow|start|state|step|student|swa"
    "|target|teacher|trained|weight|weights|a|b|d|g"
)
"""The words that may name the place of a table; no other text of a file is quoted."""
PLACE = re.compile(rf"(?:(?:{WORDS})\d{{0,4}}(?:_(?:(?:{WORDS})\d{{0,4}}|\d{{1,4}})){{0,4}})?|\?")
LEFT_OUT = ("optimizer", "other")
DTYPE = re.compile(r"[a-z0-9_]{1,20}")


@dataclass(frozen=True, eq=False)
class Entry:
    """One tensor of a file. `dtype` is PyTorch's name without "torch.", `values` a new float32 tensor of this shape.

    `values` is None for integer, complex, sparse and quantized tensors.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    values: torch.Tensor | None


@dataclass(frozen=True, eq=False)
class FoundTable:
    """One table of tensors in a file, in file order.

    `place` is the key under which it is, "?" if that has other words than `WORDS`, and "" for the whole file.
    """

    place: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, eq=False)
class Content:
    """The tables in a file, the largest first, and the kinds of `LEFT_OUT` that it holds, too."""

    tables: tuple[FoundTable, ...]
    left_out: tuple[str, ...]


def max_values(size: int) -> int:
    """The most bytes of values in a file of `size` bytes. float16 doubles as float32, and tensors may share memory."""
    return 4 * size


def max_answer(size: int) -> int:
    """The most bytes of an answer to a file of `size` bytes."""
    return MAX_HEADER + max_values(size)


def pack(content: Content) -> bytes:
    """The content as bytes."""
    entries = [entry for table in content.tables for entry in table.entries]
    values = {str(number): e.values.numpy() for number, e in enumerate(entries) if e.values is not None}
    tables = [[table.place, [[e.name, e.shape, e.dtype] for e in table.entries]] for table in content.tables]
    return wire.pack({"tables": tables, "left_out": content.left_out}, values)


def pack_refusal(code: str) -> bytes:
    """A refusal as bytes."""
    return wire.pack({"refused": code}, {})


def unpack(answer: bytes, file_size: int) -> Content:
    """The content in an answer to a file of `file_size` bytes.

    Raises `CheckpointError` if the child refused the file; "checkpoint.crashed" if the answer is invalid.
    """
    try:
        expect(len(answer) <= max_answer(file_size))
        fields, values = wire.unpack(answer)
        if "refused" not in fields:
            expect(fields.keys() == {"tables", "left_out"})
            return _content(fields["tables"], fields["left_out"], values)
        code = fields["refused"]
        expect(CHECKPOINT_CODES[code].count("{") == 0)
    except (ValueError, TypeError, KeyError):
        raise refusal("checkpoint.crashed") from None
    raise refusal(code)


def _content(described: list[Any], left_out: list[str], values: wire.Arrays) -> Content:
    """The content of an answer. Raises `ValueError`, `TypeError` or `KeyError` unless `pack` can have written it."""
    expect(1 <= len(described) <= MAX_TABLES and sum(len(entries) for _, entries in described) <= MAX_ENTRIES)
    expect(set(left_out) <= set(LEFT_OUT))
    tables: list[FoundTable] = []
    number = 0
    for place, entries in described:
        expect(PLACE.fullmatch(place) is not None)
        read = []
        for name, shape, dtype in entries:
            read.append(_entry(name, shape, dtype, values.get(str(number))))
            number += 1
        expect(len({entry.name for entry in read}) == len(read))
        tables.append(FoundTable(place, tuple(read)))
    expect(len(values) == sum(entry.values is not None for table in tables for entry in table.entries))
    return Content(tuple(tables), tuple(left_out))


def _entry(name: str, shape: list[int], dtype: str, values: NDArray[Any] | None) -> Entry:
    expect(NAME.fullmatch(name) is not None and DTYPE.fullmatch(dtype) is not None)
    expect(len(shape) <= MAX_DIMS and all(type(n) is int and 0 <= n < 2**63 for n in shape))
    expect((values is not None) == (dtype in REAL_FLOATS))
    if values is None:
        return Entry(name, tuple(shape), dtype, None)
    expect(values.dtype == np.float32 and values.shape == tuple(shape))
    return Entry(name, tuple(shape), dtype, torch.from_numpy(values.copy()))

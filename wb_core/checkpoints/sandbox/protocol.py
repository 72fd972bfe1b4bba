"""The protocol between pool and child: plain bytes, never pickled objects.

The child sends READY; the pool sends SIZE and the file. The child answers with a message of `base/wire.py`: the fields
{"refused": code}, or {"entries": [[name, shape, dtype], ...]} and a float32 array for each entry with values, named by
the entry's number.

The file may control the child that opened it, so its answer is checked here.
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...base import wire
from ...base.wire import expect
from .codes import CHECKPOINT_CODES, refusal

MAX_ENTRIES = 256
MAX_DIMS = 8
MAX_HEADER = 1 << 17
REAL_FLOATS = ("float16", "bfloat16", "float32", "float64")
NAME = re.compile(r"[A-Za-z0-9_.]{1,100}")
DTYPE = re.compile(r"[a-z0-9_]{1,20}")
CPU_SECONDS = 1
WALL_SECONDS = 4
READY = b"!"
SIZE = struct.Struct("<Q")


@dataclass(frozen=True, eq=False)
class Entry:
    """One tensor of a file. `dtype` is PyTorch's name without "torch.", `values` a new float32 tensor of this shape.

    `values` is None for integer, complex, sparse and quantized tensors.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    values: torch.Tensor | None


def max_values(size: int) -> int:
    """The most bytes of values in a file of `size` bytes. float16 doubles as float32, and tensors may share memory."""
    return 4 * size


def max_answer(size: int) -> int:
    """The most bytes of an answer to a file of `size` bytes."""
    return MAX_HEADER + max_values(size)


def pack(entries: Iterable[Entry]) -> bytes:
    """The entries as bytes."""
    entries = list(entries)
    values = {str(number): e.values.numpy() for number, e in enumerate(entries) if e.values is not None}
    return wire.pack({"entries": [[e.name, e.shape, e.dtype] for e in entries]}, values)


def pack_refusal(code: str) -> bytes:
    """A refusal as bytes."""
    return wire.pack({"refused": code}, {})


def unpack(answer: bytes, file_size: int) -> tuple[Entry, ...]:
    """The entries in an answer to a file of `file_size` bytes.

    Raises `CheckpointError` if the child refused the file; "checkpoint.crashed" if the answer is invalid.
    """
    try:
        expect(len(answer) <= max_answer(file_size))
        fields, values = wire.unpack(answer)
        if "refused" not in fields:
            return _entries(fields["entries"], values)
        code = fields["refused"]
        expect(CHECKPOINT_CODES[code].count("{") == 0)
    except (ValueError, TypeError, KeyError):
        raise refusal("checkpoint.crashed") from None
    raise refusal(code)


def _entries(described: list[Any], values: wire.Arrays) -> tuple[Entry, ...]:
    """The entries of an answer. Raises `ValueError`, `TypeError` or `KeyError` unless `pack` can have written it."""
    expect(len(described) <= MAX_ENTRIES)
    entries = tuple(
        _entry(name, shape, dtype, values.get(str(number))) for number, (name, shape, dtype) in enumerate(described)
    )
    expect(len({entry.name for entry in entries}) == len(entries))
    expect(len(values) == sum(entry.values is not None for entry in entries))
    return entries


def _entry(name: str, shape: list[int], dtype: str, values: NDArray[Any] | None) -> Entry:
    expect(NAME.fullmatch(name) is not None and DTYPE.fullmatch(dtype) is not None)
    expect(len(shape) <= MAX_DIMS and all(type(n) is int and 0 <= n < 2**63 for n in shape))
    expect((values is not None) == (dtype in REAL_FLOATS))
    if values is None:
        return Entry(name, tuple(shape), dtype, None)
    expect(values.dtype == np.float32 and values.shape == tuple(shape))
    return Entry(name, tuple(shape), dtype, torch.from_numpy(values.copy()))

"""What goes to the child and comes back: plain bytes, and never an object.

The child says READY; the pool sends SIZE and the file; the child answers with

    LENGTH    of the header
    header    JSON: {"refused": code}, or {"entries": [[name, shape, dtype, has_values], ...]}
    values    of the entries that have some, one after the other, as float32

The child may be in the hands of the file it opened, so what arrives is checked again here.
"""

import json
import math
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from .codes import CHECKPOINT_CODES, refusal

MOST_ENTRIES = 256
MOST_DIMS = 8
MOST_HEADER = 1 << 17
REAL_FLOATS = ("float16", "bfloat16", "float32", "float64")
NAME = re.compile(r"[A-Za-z0-9_.]{1,100}")
DTYPE = re.compile(r"[a-z0-9_]{1,20}")
CPU_SECONDS = 1
WALL_SECONDS = 4
READY = b"!"
SIZE = struct.Struct("<Q")
LENGTH = struct.Struct("<I")


@dataclass(frozen=True, eq=False)
class Entry:
    """One tensor: `dtype` as PyTorch prints it without "torch.", `values` a fresh float32 tensor of this shape.

    `values` is None where there are none to take over: integers, complex numbers, sparse or quantized tensors.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    values: torch.Tensor | None


def most_bytes(size: int) -> int:
    """How many bytes of values may come out of a file of `size` bytes: float16 doubles, and weights may be shared."""
    return 4 * size


def pack(entries: Iterable[Entry]) -> bytes:
    """The entries as bytes."""
    entries = list(entries)
    header = {"entries": [[e.name, e.shape, e.dtype, e.values is not None] for e in entries]}
    return _packed(header) + b"".join(_raw(e.values) for e in entries if e.values is not None)


def pack_refusal(code: str) -> bytes:
    """A refusal as bytes."""
    return _packed({"refused": code})


def unpack(answer: bytes, file_size: int) -> tuple[Entry, ...]:
    """The entries that a child found in a file of this size.

    Raises `CheckpointError` if the child refused the file, and "checkpoint.crashed" if this is no answer of ours.
    """
    try:
        (size,) = LENGTH.unpack_from(answer)
        header = json.loads(answer[LENGTH.size : LENGTH.size + size]) if size <= MOST_HEADER else None
        entries = _entries(header, memoryview(answer)[LENGTH.size + size :], most_bytes(file_size))
    except (struct.error, ValueError, TypeError, KeyError, RecursionError):
        raise refusal("checkpoint.crashed") from None
    if isinstance(entries, str):
        raise refusal(entries)
    return entries


def _entries(header: Any, values: memoryview, most: int) -> tuple[Entry, ...] | str:
    """The entries, or the code of a refusal; `ValueError` and its like for anything that `pack` does not write."""
    if "refused" in header:
        _expect(CHECKPOINT_CODES[header["refused"]].count("{") == 0)
        return str(header["refused"])
    _expect(len(header["entries"]) <= MOST_ENTRIES and len(values) <= most)
    entries = []
    for name, shape, dtype, has_values in header["entries"]:
        _expect(NAME.fullmatch(name) is not None and DTYPE.fullmatch(dtype) is not None)
        _expect(len(shape) <= MOST_DIMS and all(type(n) is int and 0 <= n < 2**63 for n in shape))
        _expect(has_values == (dtype in REAL_FLOATS))
        tensor = None
        if has_values:
            size = 4 * math.prod(shape)
            _expect(size <= len(values))
            tensor = torch.from_numpy(np.frombuffer(values[:size], np.float32).reshape(shape).copy())
            values = values[size:]
        entries.append(Entry(name, tuple(shape), dtype, tensor))
    _expect(not values and len({entry.name for entry in entries}) == len(entries))
    return tuple(entries)


def _expect(fact: bool) -> None:
    if not fact:
        raise ValueError("this is not an answer of the worker")


def _packed(header: dict[str, Any]) -> bytes:
    text = json.dumps(header).encode()
    return LENGTH.pack(len(text)) + text


def _raw(values: torch.Tensor) -> bytes:
    return bytes(values.numpy().tobytes())

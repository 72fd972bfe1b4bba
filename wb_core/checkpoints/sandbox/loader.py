"""Opens a file with torch or safetensors. Runs only in the child, where a hostile file can do no harm."""

import io
import json
import pickle
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import safetensors.torch
import torch
from torch.types import Storage

from .archive import check_archive
from .codes import refusal
from .protocol import MAX_DIMS, PLACE, REAL_FLOATS, Content, Entry, FoundTable, max_values
from .sniff import kind_of
from .stand_ins import names_in, stand_ins, why_refused
from .tables import Path, TensorTable, find_tables

LEGACY_PICKLES = 4
"""torch's old format begins with this many pickles: a magic number, a version, facts on the machine, the content."""

PROTOCOL = re.compile(rb"\x80[\x03-\x05]")
"""The start of a pickle in a protocol that torch opens only with all its code."""


def open_file(data: bytes) -> Content:
    """The tables of tensors in a file. Raises `CheckpointError`, or any error of torch, if it cannot be read safely."""
    kind = kind_of(data)
    if kind == "safetensors":
        content, origin = _load_safetensors(data), None
    else:
        origin = Origin(data, check_archive(data) if kind == "zip" else None)
        content = _load_torch(data, origin)
    tables, left_out = find_tables(content)
    room = Room(max_values(len(data)))
    return Content(
        tuple(FoundTable(_place(path), tuple(_entries(table, origin, room))) for path, table in tables),
        tuple(sorted(left_out)),
    )


def _place(path: Path) -> str:
    """The last key on the path to a table, "?" if it is none that `PLACE` knows: text of the file is never quoted."""
    if not path:
        return ""
    return path[-1] if type(path[-1]) is str and path[-1] and PLACE.fullmatch(path[-1]) else "?"


class Origin:
    """Records the storages that `torch.load` fills from a file, so that tensors over other memory can be refused.

    Pass it as the `map_location`. It leaves each storage on the CPU.
    """

    def __init__(self, data: bytes, records: dict[bytes, bytes] | None) -> None:
        self.size = len(data)
        self.pickle = None if records is None else records[b"data.pkl"]
        self.count = sum(name.startswith(b"data/") for name in records or ())
        self.records = None if records is None else set(_as_loaded(records))
        self.storages: list[tuple[Storage, int]] = []

    def __call__(self, storage: Storage, location: str) -> Storage:
        memory = torch.empty(0, dtype=torch.uint8).set_(storage)  # (size of the storage in bytes,)
        size = memory.numel()
        if size > self.size:
            raise refusal("checkpoint.damaged")
        if self.records is None:
            memory.fill_(0xFF)  # the old format fills it later; the rest reads as nan
        elif memory.numpy().tobytes() not in self.records:  # torch read past the record
            raise refusal("checkpoint.damaged")
        self.storages.append((storage, size))
        return storage

    def holds(self, tensor: torch.Tensor) -> bool:
        """Whether all memory of a strided tensor comes from the file and its elements do not overlap."""
        memory = tensor.untyped_storage()
        start, end = memory.data_ptr(), memory.data_ptr() + memory.nbytes()
        # Compare with the recorded size, because torch silently enlarges a storage when a tensor needs more.
        inside = any(own.data_ptr() <= start and end <= own.data_ptr() + size for own, size in self.storages)
        sizes, strides = tensor.shape, tensor.stride()
        room = memory.nbytes() // tensor.itemsize
        last = tensor.storage_offset() + sum((n - 1) * stride for n, stride in zip(sizes, strides, strict=True))
        spread = all(stride > 0 for n, stride in zip(sizes, strides, strict=True) if n > 1)
        return inside and spread and last < room and tensor.numel() <= room


def _as_loaded(records: dict[bytes, bytes]) -> Iterator[bytes]:
    """The contents of the records as torch puts them into memory: those of a big-endian machine with swapped bytes."""
    yield from records.values()
    if records.get(b"byteorder") == b"big":
        for content in records.values():
            for size in (2, 4, 8):
                if len(content) % size == 0:
                    yield np.frombuffer(content, f"u{size}").byteswap().tobytes()


def _load_torch(data: bytes, origin: Origin) -> Any:
    file = io.BytesIO(data)
    if origin.pickle is not None and PROTOCOL.match(origin.pickle):
        raise refusal("checkpoint.pickle_protocol")
    names: list[str] = []
    try:
        names = names_in(data, LEGACY_PICKLES) if origin.pickle is None else names_in(origin.pickle, 1)
        with torch.serialization.safe_globals(stand_ins(names)):
            loaded = torch.load(file, map_location=origin, weights_only=True, mmap=False)
    except pickle.UnpicklingError:  # it has objects other than tensors and dicts
        raise refusal(why_refused(names)) from None
    if file.tell() != len(data) if origin.records is None else len(origin.storages) != origin.count:
        raise refusal("checkpoint.damaged")  # it has data that torch.save would not have written
    return loaded


def _load_safetensors(data: bytes) -> dict[str, torch.Tensor]:
    length = int.from_bytes(data[:8], "little")
    # safetensors silently keeps the last of duplicate names.
    json.loads(data[8 : 8 + length], object_pairs_hook=_reject_duplicates)
    return safetensors.torch.load(data)


def _reject_duplicates(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise refusal("checkpoint.damaged")


class Room:
    """The bytes that the values of all tables may still take. Tables can share memory, so they may exceed the file."""

    def __init__(self, size: int) -> None:
        self.left = size

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise refusal("checkpoint.memory_limit")


def _entries(table: TensorTable, origin: Origin | None, room: Room) -> Iterator[Entry]:
    """The tensors of a table. Calls only C functions on its objects, whose attributes a pickle can overwrite."""
    for name, tensor in dict.items(table):
        entry = _entry(name, torch.Tensor.detach(tensor), origin)
        room.take(4 * entry.values.numel() if entry.values is not None else 0)
        yield entry


def _entry(name: str, tensor: torch.Tensor, origin: Origin | None) -> Entry:
    strided = tensor.layout is torch.strided and not tensor.is_quantized
    dtype = str(tensor.dtype if tensor.layout is torch.strided else tensor.layout).removeprefix("torch.")
    if tensor.device.type != "cpu" or tensor.is_neg() or tensor.is_conj() or tensor.dim() > MAX_DIMS:
        raise refusal("checkpoint.damaged")
    if strided and tensor.numel() and origin is not None and not origin.holds(tensor):
        raise refusal("checkpoint.damaged")
    if not (strided and dtype in REAL_FLOATS):
        return Entry(name, tuple(tensor.shape), dtype, None)
    values = tensor.to(torch.float32, copy=True, memory_format=torch.contiguous_format)
    return Entry(name, tuple(tensor.shape), dtype, values)

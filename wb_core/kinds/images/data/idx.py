"""The IDX format of MNIST-like data sets: a header with the shape, then the numbers."""

import gzip
import hashlib
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from ....base.errors import DataError

UNSIGNED_BYTES = 0x08
"""The only type of number in the files used here."""

Array = np.ndarray[Any, Any]


def read_idx(path: Path, shape: tuple[int, ...]) -> Array:
    """The numbers of an IDX file, plain or gzipped, as uint8 with exactly this shape.

    Raises `DataError` that names the file, with the code `data.missing`, `data.damaged` (it is unreadable, too short or
    too long), `data.foreign` (not an IDX file of bytes) or `data.other_shape`. Never unpacks more than expected.
    """
    expected = _head(shape)
    size = len(expected) + int(np.prod(shape))
    data = _read(path, size + 1)
    head = data[: len(expected)]
    if head != expected:
        raise _foreign(path, head, shape)
    if len(data) != size:
        wrong = "too long" if len(data) > size else f"ends after {len(data):,} of {size:,} bytes"
        raise DataError("data.damaged", f"{path.name} is damaged: it {wrong}", file=path.name, size=f"{size:,}")
    return np.frombuffer(data, dtype=np.uint8, offset=len(expected)).reshape(shape)


def write_idx(numbers: Array) -> bytes:
    """Numbers of type uint8 as an IDX file, not gzipped."""
    return _head(numbers.shape) + np.ascontiguousarray(numbers, dtype=np.uint8).tobytes()


def checksum(numbers: Array) -> str:
    """The SHA-256 of `write_idx(numbers)`, without a copy of the numbers."""
    digest = hashlib.sha256(_head(numbers.shape))
    digest.update(np.ascontiguousarray(numbers, dtype=np.uint8).data)
    return digest.hexdigest()


def _head(shape: tuple[int, ...]) -> bytes:
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, UNSIGNED_BYTES, len(shape), *shape)


def _read(path: Path, most: int) -> bytes:
    """Up to `most` bytes of a file, which may be gzipped."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            return gzip.GzipFile(fileobj=file).read(most) if packed else file.read(most)
    except FileNotFoundError as error:
        raise DataError("data.missing", f"there is no {path.name}", file=path.name) from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError("data.damaged", f"{path.name} is damaged: {error}", file=path.name) from error


def _foreign(path: Path, head: bytes, shape: tuple[int, ...]) -> DataError:
    """The error for a file of another shape, or for one that is not an IDX file of bytes."""
    if len(head) >= 4 and head[:3] == bytes((0, 0, UNSIGNED_BYTES)) and len(head) >= 4 + 4 * head[3]:
        found = struct.unpack(f">{head[3]}I", head[4 : 4 + 4 * head[3]])
        values = {"file": path.name, "found": str(found), "needed": str(shape)}
        return DataError("data.other_shape", f"{path.name} has the shape {found}, not {shape}", **values)
    return DataError("data.foreign", f"{path.name} is no IDX file of bytes", file=path.name)

"""Checks the layout of a zip before anything reads its content.

torch always writes one folder, a few known names, no compression, entries back to back from the first byte, then the
central directory and its end records up to the last byte. In any other layout, two zip readers may see different
files, so it is refused. Record layouts: PKWARE's APPNOTE.TXT, section 4.3.
"""

import itertools
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from ...base.errors import CheckpointError
from .codes import refusal

MAX_RECORDS = 4096
MAX_NAME = 255
KNOWN_NAME = re.compile(
    rb"data\.pkl|data/[0-9]{1,20}|version|byteorder|\.format_version|\.storage_alignment|\.data/serialization_id"
)
ROOT = re.compile(rb"(?!(\.{1,2}|[A-Za-z]:)\Z)[^\x00-\x1f/\\]{1,255}")  # neither a folder above nor a drive
BYTE_ORDERS = (b"little", b"big")
OTHER_ARCHIVES = {
    rb"(.*/)?(constants\.pkl|code/__torch__.*)": ("torchscript", {}),
    rb"(.*/)?(serialized_exported_program\.json|archive_format|models/\w+\.json)": ("exported_program", {}),
    rb".*\.npy": ("numpy", {}),
    rb"model\.weights\.h5": ("other_format", {"name": "HDF5"}),  # Keras
    rb"(?i)(?!(.*/)?data\.pkl\Z).*\.(pth?|pt2|ckpt|bin|pkl|safetensors|zip|tar|gz)": ("packed", {}),
}
"""By the pattern of a name in a zip, the reason to refuse it; the first that applies."""

STORED = 0
DESCRIPTOR = 1 << 3  # sizes and CRC follow the data
UTF8 = 1 << 11

LOCAL = struct.Struct("<4s10s3I2H")
CENTRAL = struct.Struct("<4sH10s3I5H2I")
END64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR = struct.Struct("<4sIQI")
END = struct.Struct("<4s4H2IH")


class Record(NamedTuple):
    """One entry of the central directory. `about` is version, flags, method and date, repeated in the local header."""

    name: bytes
    about: bytes
    crc: int
    size: int
    offset: int

    @property
    def flags(self) -> int:
        return int.from_bytes(self.about[2:4], "little")


def check_archive(data: bytes) -> dict[bytes, bytes]:
    """The content of each record, by name without the folder. Raises `CheckpointError` if torch did not write this."""
    try:
        records, start = _directory(data)
        contents = list(_contents(data, records, start))
    except struct.error:  # truncated
        raise refusal("checkpoint.damaged") from None
    except CheckpointError as refused:
        raise _other_archive(data) or refused from None
    found: dict[bytes, bytes] = dict(contents)
    roots = {record.name.partition(b"/")[0] for record in records}
    _require(len(found) == len(records) == len({name.lower() for name in found}) and len(roots) == 1)
    if b"data.pkl" not in found:
        raise refusal("checkpoint.not_a_checkpoint")
    _require(found.get(b"byteorder", b"little") in BYTE_ORDERS)
    return found


def _other_archive(data: bytes) -> CheckpointError | None:
    """Why a zip that torch.save did not write is refused, by the names that seem to be in it; None if unknown."""
    names = []
    for entry in itertools.islice(re.finditer(rb"PK\x01\x02", data), MAX_RECORDS):
        at = entry.start()
        size = min(int.from_bytes(data[at + 28 : at + 30], "little"), MAX_NAME)
        names.append(data[at + CENTRAL.size : at + CENTRAL.size + size])
    for pattern, (code, values) in OTHER_ARCHIVES.items():
        if any(re.fullmatch(pattern, name, re.DOTALL) and not _is_known(name) for name in names):
            return refusal(f"checkpoint.{code}", **values)
    return None


def _require(fact: bool) -> None:
    if not fact:
        raise refusal("checkpoint.damaged")


def _directory(data: bytes) -> tuple[list[Record], int]:
    """The records of the central directory, by offset, and where it starts. It must reach to the end records."""
    end = len(data) - END.size
    _require(end > 0)
    magic, disk, first_disk, here, count, size, start, comment = END.unpack_from(data, end)
    _require((magic, disk, first_disk, comment) == (b"PK\x05\x06", 0, 0, 0))
    _require(here == count <= MAX_RECORDS)
    if start + size != end:  # torch always writes the ZIP64 end records, too
        end -= END64.size + LOCATOR.size
        _require(end > 0 and start + size == end)
        end64 = END64.unpack_from(data, end)
        # 44 is the size of the rest of this record. The two version fields after it depend on the writer.
        _require((*end64[:2], *end64[4:]) == (b"PK\x06\x06", 44, 0, 0, count, count, size, start))
        _require(LOCATOR.unpack_from(data, end + END64.size) == (b"PK\x06\x07", 0, end, 1))
    records, position = [], start
    for _ in range(count):
        record, position = _central_record(data, position)
        records.append(record)
    _require(position == end)
    return sorted(records, key=lambda record: record.offset), start


def _central_record(data: bytes, position: int) -> tuple[Record, int]:
    """The directory entry at a position, and the position of the next."""
    magic, _, about, crc, packed, size, name_size, extra, comment, disk, _, attributes, offset = CENTRAL.unpack_from(
        data, position
    )
    _require((magic, extra, comment, disk) == (b"PK\x01\x02", 0, 0, 0))
    end = position + CENTRAL.size + name_size
    record = Record(data[position + CENTRAL.size : end], about, crc, size, offset)
    _checked_name(record.name)  # first, to distinguish an unrelated zip from a damaged checkpoint
    _require(int.from_bytes(about[4:6], "little") == STORED and packed == size <= len(data))
    _require(record.flags & ~(DESCRIPTOR | UTF8) == 0)
    # The upper half is Unix's file type and rights, 0x10 is a folder of DOS. Symbolic links, for example, are refused.
    _require(stat.S_IFMT(attributes >> 16) in (0, stat.S_IFREG) and not attributes & 0x10)
    return record, end


def _contents(data: bytes, records: list[Record], end: int) -> Iterator[tuple[bytes, bytes]]:
    """The name and content of each record. Records must fill the file up to `end` without gaps or overlaps."""
    position = 0
    for record in records:
        _require(record.offset == position)
        magic, about, *sums, name_size, extra_size = LOCAL.unpack_from(data, position)
        start = position + LOCAL.size + name_size
        _require((magic, about) == (b"PK\x03\x04", record.about))
        _require(data[position + LOCAL.size : start] == record.name)
        _require(_is_padding(data[start : start + extra_size]))
        position = start + extra_size + record.size
        _require(position <= end)
        content = data[start + extra_size : position]
        _require(zlib.crc32(content) == record.crc)
        same = [record.crc, record.size, record.size]
        if record.flags & DESCRIPTOR:
            _require(sums in (same, [0, 0, 0]))
            _require(data[position : position + 16] == struct.pack("<4s3I", b"PK\x07\x08", *same))
            position += 16
        else:
            _require(sums == same)
        yield _checked_name(record.name), content
    _require(position == end)


def _is_padding(extra: bytes) -> bool:
    """Whether an extra field is empty or the block with which torch aligns the data."""
    return not extra or extra[:4] == struct.pack("<2sH", b"FB", len(extra) - 4)


def _checked_name(name: bytes) -> bytes:
    """The name of a record without its folder. Raises unless torch writes such names."""
    if not _is_known(name):
        raise refusal("checkpoint.not_a_checkpoint")
    return name.partition(b"/")[2]


def _is_known(name: bytes) -> bool:
    root, _, rest = name.partition(b"/")
    return bool(ROOT.fullmatch(root) and KNOWN_NAME.fullmatch(rest))

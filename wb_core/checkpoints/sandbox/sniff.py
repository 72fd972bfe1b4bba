"""Checks the size of a file and detects its format, from its bytes alone: its name says nothing."""

import re
from typing import Any

from .codes import refusal

LEGACY_MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
"""The pickled magic number at the start of a file in torch's old format."""

OTHER_FILES = {
    rb"version https://git-lfs": ("git_lfs", {}),
    rb"(?i)(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|!--|\?xml)": ("web_page", {}),
    rb"\x89HDF\r\n\x1a\n": ("other_format", {"name": "HDF5"}),
    rb"GGUF": ("other_format", {"name": "GGUF"}),
    # Protocol Buffers: the version of the format, then the name of the program or the graph
    rb"\x08[\x01-\x1f][\x12\x1a\x3a\x42]": ("other_format", {"name": "ONNX"}),
    rb"\x93NUMPY": ("numpy", {}),
    rb"\x80[\x02-\x05]": ("pickle", {}),
    # gzip, bzip2, xz, Zstandard, 7z, RAR, tar
    rb"\x1f\x8b|BZh[1-9]|\xfd7zXZ\0|\x28\xb5\x2f\xfd|7z\xbc\xaf\x27\x1c|Rar!|(?s:.{257})ustar": ("packed", {}),
}
"""By the pattern with which it starts, the reason to refuse a file of another program."""


def take_bytes(data: Any, limit: int) -> bytes:
    """A copy of any buffer of 1 to `limit` bytes. Raises `CheckpointError` for anything else."""
    try:
        view = memoryview(data)
    except (TypeError, ValueError, BufferError):
        raise refusal("checkpoint.not_a_checkpoint") from None
    if not view.nbytes:
        raise refusal("checkpoint.empty")
    if view.nbytes > limit:
        raise refusal("checkpoint.too_large", size=view.nbytes, limit=limit)
    return view.tobytes()


def kind_of(data: bytes) -> str:
    """The format of a file: torch's "zip" or "legacy", or "safetensors" (an 8-byte length, then a JSON object)."""
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(LEGACY_MAGIC):
        return "legacy"
    for pattern, (code, values) in OTHER_FILES.items():
        if re.match(pattern, data[:1024]):
            raise refusal(f"checkpoint.{code}", **values)
    if data[8:9] == b"{":
        return "safetensors"
    raise refusal("checkpoint.not_a_checkpoint")

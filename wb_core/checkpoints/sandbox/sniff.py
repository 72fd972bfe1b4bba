"""Checks the size of a file and detects its format, from its bytes alone."""

from typing import Any

from .codes import refusal

LEGACY_MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
"""The pickled magic number at the start of a file in torch's old format."""


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
    if data[8:9] == b"{":
        return "safetensors"
    raise refusal("checkpoint.not_a_checkpoint")

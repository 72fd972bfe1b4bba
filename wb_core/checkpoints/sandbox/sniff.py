"""How large a file is and what kind it is, from its bytes alone."""

from typing import Any

from .codes import refusal

LEGACY_MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
"""The pickle of the magic number that a file in torch's old format starts with."""


def take_bytes(data: Any, limit: int) -> bytes:
    """A file of at most `limit` bytes as our own `bytes`, from anything that has a buffer."""
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
    """One of torch's two formats, "zip" and "legacy", or "safetensors": an 8-byte length and a JSON object."""
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(LEGACY_MAGIC):
        return "legacy"
    if data[8:9] == b"{":
        return "safetensors"
    raise refusal("checkpoint.not_a_checkpoint")

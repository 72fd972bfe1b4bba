"""Where an uploaded file is handed in: another process opens it."""

from ...sandbox.pool import Sandbox
from .codes import refusal
from .protocol import Content, max_answer, unpack

SANDBOX = Sandbox(
    "wb_core.checkpoints.sandbox.opener",
    lambda reason: refusal(f"checkpoint.{reason}"),
    seconds=(0.1, 1.0),  # a usual file takes a hundredth of a second
)


def open_file(data: bytes) -> Content:
    """The tables of tensors in a file. Raises `CheckpointError` if the child refuses the file, fails or crashes."""
    return SANDBOX.open(data, max_answer(len(data)), lambda answer: unpack(answer, len(data)))

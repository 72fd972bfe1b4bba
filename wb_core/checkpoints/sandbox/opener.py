"""Opens checkpoints in the child of a sandbox."""

import io

import torch

from ...base.errors import CheckpointError
from .loader import open_file
from .protocol import pack, pack_refusal

EXTRA_BYTES = 100_000_000
"""A file may take this much memory on top of what the worker uses already."""


def prepare() -> None:
    """Open a small file, so that torch's lazy imports are done before the first upload."""
    torch.set_num_threads(1)  # only a process with one thread can fork safely
    file = io.BytesIO()
    torch.save({"weight": torch.zeros(1)}, file)
    answer(file.getvalue())


def answer(data: bytes) -> bytes:
    """The tables of tensors in a file, or why it is refused."""
    try:
        return pack(open_file(data))
    except CheckpointError as refused:
        return pack_refusal(refused.code)
    except (MemoryError, SystemError):  # C code raises SystemError if it cannot even allocate a MemoryError
        return pack_refusal("checkpoint.memory_limit")
    except Exception:  # noqa: BLE001  # torch raises a dozen types for unreadable files
        return pack_refusal("checkpoint.damaged")

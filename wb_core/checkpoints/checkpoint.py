"""Saves the weights of a run as a file, and loads uploaded files into a run."""

import io
from dataclasses import dataclass
from typing import Any

import torch

from ..kinds.run import Run
from .sandbox import archive, pool, sniff
from .sandbox.codes import refusal
from .sandbox.protocol import REAL_FLOATS, Entry

MAX_BYTES = 1_000_000
"""A file may have this many bytes, or more if the model needs more."""

TOO_BIG = 1e6
"""Weights of this magnitude are refused; no model here gets near them unless it diverges."""


@dataclass(frozen=True)
class Checkpoint:
    """The content of a file: its `format` ("zip", "legacy" or "safetensors") and its tensors, in file order.

    Names are checked but still come from the file: display them in a table, never inside a sentence.
    """

    format: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Comparison:
    """For one tensor name, what the file has and what the model needs; None where it is absent."""

    name: str
    found_shape: tuple[int, ...] | None
    found_dtype: str | None
    needed_shape: tuple[int, ...] | None
    needed_dtype: str | None

    @property
    def fits(self) -> bool:
        """Whether the shapes match and the file has a floating-point type (`REAL_FLOATS`)."""
        return self.found_shape == self.needed_shape and self.found_dtype in REAL_FLOATS


def save_checkpoint(run: Run) -> bytes:
    """The state_dict of a run as `torch.save` writes it, on the CPU. Equal weights give equal bytes."""
    file = io.BytesIO()
    torch.save({name: tensor.to("cpu", copy=True) for name, tensor in run.model.state_dict().items()}, file)
    return file.getvalue()


def read_checkpoint(data: Any, *, limit: int = MAX_BYTES) -> Checkpoint:
    """The content of a file of at most `limit` bytes, for any model. Raises `CheckpointError` if it is unsafe.

    Another process opens the file. All values are finite and below `TOO_BIG` in magnitude.
    """
    data = sniff.take_bytes(data, limit)
    kind = sniff.kind_of(data)
    if kind == "zip":
        archive.check_archive(data)
    checkpoint = Checkpoint(kind, pool.open_file(data))
    _check_numbers(checkpoint)
    return checkpoint


def size_limit(run: Run) -> int:
    """The largest allowed file for the model of a run, in bytes."""
    return max(MAX_BYTES, 16 * sum(int(tensor.nbytes) for tensor in run.model.state_dict().values()))


def expected_tensors(run: Run) -> dict[str, tuple[tuple[int, ...], str]]:
    """The shape and dtype of each tensor in the model of a run, by name."""
    state = run.model.state_dict()
    return {name: (tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")) for name, tensor in state.items()}


def compare_checkpoint(checkpoint: Checkpoint, run: Run) -> tuple[Comparison, ...]:
    """One comparison per name: the model's names first, then those that only the file has."""
    found = {entry.name: (entry.shape, entry.dtype) for entry in checkpoint.entries}
    needed = expected_tensors(run)
    names = [*needed, *(name for name in found if name not in needed)]
    nothing = (None, None)
    return tuple(Comparison(name, *found.get(name, nothing), *needed.get(name, nothing)) for name in names)


def load_checkpoint(data: Any, into: Run) -> Checkpoint:
    """Load the weights of a file into a run, which keeps its history and epoch. Returns the content of the file.

    Raises `CheckpointError`, and leaves the run unchanged, unless the file fits this model exactly. The run continues
    with a new optimizer; without momentum, the training continues as if it had never stopped.
    """
    checkpoint = read_checkpoint(data, limit=size_limit(into))
    adopt_checkpoint(checkpoint, into)
    return checkpoint


def adopt_checkpoint(checkpoint: Checkpoint, into: Run) -> None:
    """Load the weights of a checkpoint that was already read into a run; the second half of `load_checkpoint`."""
    run = into
    _check_fit(compare_checkpoint(checkpoint, run))
    model = run.fresh_model()
    model.load_state_dict({entry.name: entry.values for entry in checkpoint.entries}, strict=True)
    run.adopt(model)


def _check_numbers(checkpoint: Checkpoint) -> None:
    """Raise unless all values are finite and small. They are float32 by now, so a large float64 counts as infinite."""
    values = [entry.values for entry in checkpoint.entries if entry.values is not None]
    if wild := sum(int((~tensor.isfinite()).sum()) for tensor in values):
        raise refusal("checkpoint.not_finite", count=wild)
    if big := sum(int((tensor.abs() >= TOO_BIG).sum()) for tensor in values):
        raise refusal("checkpoint.too_big_number", count=big, limit=int(TOO_BIG))


def _check_fit(table: tuple[Comparison, ...]) -> None:
    """Raise unless names, shapes and types fit. Wrong names are reported before wrong shapes."""
    needed = ", ".join(row.name for row in table if row.needed_shape is not None)
    for row in table:
        if row.found_shape is None:
            raise refusal("checkpoint.missing_key", name=row.name, needed=needed)
    if unknown := sum(row.needed_shape is None for row in table):
        raise refusal("checkpoint.unexpected_key", count=unknown, needed=needed)
    for row in table:
        if row.found_shape != row.needed_shape:
            raise refusal("checkpoint.wrong_shape", name=row.name, found=row.found_shape, needed=row.needed_shape)
        if not row.fits:
            raise refusal("checkpoint.wrong_dtype", name=row.name, found=row.found_dtype)

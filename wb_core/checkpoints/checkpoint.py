"""Checkpoints: the weights of a run as a file, and a file that somebody uploads as the weights of a run."""

import io
from dataclasses import dataclass
from typing import Any

import torch

from ..kinds.run import Run
from .sandbox import archive, pool, sniff
from .sandbox.codes import refusal
from .sandbox.protocol import REAL_FLOATS, Entry

MAX_BYTES = 1_000_000
"""A file has at most this many bytes, unless the model needs more."""

TOO_BIG = 1e6
"""A weight of this size has left every model of this workbench far behind."""


@dataclass(frozen=True)
class Checkpoint:
    """What is in a file: its `format` ("zip", "legacy" or "safetensors"), and its tensors in the order of the file.

    The names are harmless to compute with, but they are still the file's own words: put them in a table, not in text.
    """

    format: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Comparison:
    """One name: what the file has, what the model needs (None for nothing), and whether the first will do."""

    name: str
    found_shape: tuple[int, ...] | None
    found_dtype: str | None
    needed_shape: tuple[int, ...] | None
    needed_dtype: str | None

    @property
    def fits(self) -> bool:
        """Same shape, and a floating-point type: float16, bfloat16, float32 or float64."""
        return self.found_shape == self.needed_shape and self.found_dtype in REAL_FLOATS


def save_checkpoint(run: Run) -> bytes:
    """The weights of a run as `torch.save` writes a state_dict, on the CPU; same weights, same bytes."""
    file = io.BytesIO()
    torch.save({name: tensor.to("cpu", copy=True) for name, tensor in run.model.state_dict().items()}, file)
    return file.getvalue()


def read_checkpoint(data: Any, *, limit: int = MAX_BYTES) -> Checkpoint:
    """What is in a file of at most `limit` bytes, whether or not it fits a model; `CheckpointError` if it is not safe.

    The file is opened in another process. All numbers are finite and below 1e6 in size.
    """
    data = sniff.take_bytes(data, limit)
    kind = sniff.kind_of(data)
    if kind == "zip":
        archive.check_archive(data)
    checkpoint = Checkpoint(kind, pool.open_file(data))
    _check_numbers(checkpoint)
    return checkpoint


def size_limit(run: Run) -> int:
    """How many bytes a file may have that is meant for the model of a run."""
    return max(MAX_BYTES, 16 * sum(int(tensor.nbytes) for tensor in run.model.state_dict().values()))


def expected_tensors(run: Run) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and dtype of each tensor that the model of a run needs, by name."""
    state = run.model.state_dict()
    return {name: (tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")) for name, tensor in state.items()}


def compare_checkpoint(checkpoint: Checkpoint, run: Run) -> tuple[Comparison, ...]:
    """Name by name, what the file has and what the model needs: first the model's names, then unknown ones."""
    found = {entry.name: (entry.shape, entry.dtype) for entry in checkpoint.entries}
    needed = expected_tensors(run)
    names = [*needed, *(name for name in found if name not in needed)]
    nothing = (None, None)
    return tuple(Comparison(name, *found.get(name, nothing), *needed.get(name, nothing)) for name in names)


def load_checkpoint(data: Any, into: Run) -> Checkpoint:
    """Give a run the weights from a file, and say what was in it; its history and its epoch stay.

    Raises `CheckpointError` for everything that is not exactly a checkpoint of this model, and then the run is
    untouched. A run that goes on has a fresh optimizer: without momentum, it is as if it had never stopped.
    """
    checkpoint = read_checkpoint(data, limit=size_limit(into))
    adopt_checkpoint(checkpoint, into)
    return checkpoint


def adopt_checkpoint(checkpoint: Checkpoint, into: Run) -> None:
    """Give a run the weights from a file that was read already: the second half of `load_checkpoint`."""
    run = into
    _check_fit(compare_checkpoint(checkpoint, run))
    model = run.fresh_model()
    model.load_state_dict({entry.name: entry.values for entry in checkpoint.entries}, strict=True)
    run.adopt(model)


def _check_numbers(checkpoint: Checkpoint) -> None:
    """After the conversion to float32, in which a large float64 becomes infinite."""
    values = [entry.values for entry in checkpoint.entries if entry.values is not None]
    if wild := sum(int((~tensor.isfinite()).sum()) for tensor in values):
        raise refusal("checkpoint.not_finite", count=wild)
    if big := sum(int((tensor.abs() >= TOO_BIG).sum()) for tensor in values):
        raise refusal("checkpoint.too_big_number", count=big, limit=int(TOO_BIG))


def _check_fit(table: tuple[Comparison, ...]) -> None:
    """Exactly the model's names, shapes and a floating-point type; else `CheckpointError`, names before shapes."""
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

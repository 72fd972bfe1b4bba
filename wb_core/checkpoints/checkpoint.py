"""Saves the weights of a run as a file, and loads uploaded files into a run."""

import io
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

import torch

from ..kinds import kind_of
from ..kinds.run import Run
from .comparison import Comparison, Tensors, check_fit, compare
from .notes import Note
from .sandbox import archive, desk, sniff
from .sandbox.codes import refusal
from .sandbox.protocol import Entry
from .table import Table, clean_tables, fit_table

MAX_BYTES = 1_000_000
"""A file may have this many bytes, or more if the model needs more."""

TOO_BIG = 1e6
"""Weights of this magnitude are refused; only a model that diverges or large points of one's own lead to them."""

MAX_CANDIDATES = 24
"""`fitting_config` tries this many configs; a file of any model here suggests a few."""


@dataclass(frozen=True)
class Checkpoint:
    """The content of a file: its `format` ("zip", "legacy" or "safetensors"), its tensors, and how they were read.

    `entries` are the tensors of one table, in file order, without counters and prefixes that all names have. Their
    `notes` are sentences with a `code` and `values`. A file can hold several such `tables`, the largest first.

    Names are checked but still come from the file: display them in a table, never inside a sentence.
    """

    format: str
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...] = ()
    tables: tuple[Table, ...] = ()


def save_checkpoint(run: Run) -> bytes:
    """The state_dict of a run as `torch.save` writes it, on the CPU. Equal weights give equal bytes."""
    file = io.BytesIO()
    torch.save({name: tensor.to("cpu", copy=True) for name, tensor in run.model.state_dict().items()}, file)
    return file.getvalue()


def read_checkpoint(data: Any, *, limit: int = MAX_BYTES, table: str | None = None) -> Checkpoint:
    """The content of a file of at most `limit` bytes, for any model. Raises `CheckpointError` if it is unsafe.

    Reads what `torch.save` and safetensors write: a state_dict, or the one in a checkpoint with optimizer, epoch and
    so on. Of several tables of tensors, `table` is the `place` of the one to read; without it, `entries` and `notes`
    are those of the first, and `load_checkpoint` takes the one that fits.

    Another process opens the file. All values are finite and below `TOO_BIG` in magnitude.
    """
    data = sniff.take_bytes(data, limit)
    kind = sniff.kind_of(data)
    if kind == "zip":
        archive.check_archive(data)
    content = desk.open_file(data)
    tables = clean_tables(content.tables, content.left_out)
    if table is not None:
        tables = tuple(one for one in tables if one.place == table) or _refuse_table(tables)
    checkpoint = Checkpoint(kind, tables[0].entries, tables[0].notes, tables)
    _check_numbers(checkpoint.entries)
    return checkpoint


def size_limit(run: Run) -> int:
    """The largest allowed file for the model of a run, in bytes."""
    return max(MAX_BYTES, 16 * sum(int(tensor.nbytes) for tensor in run.model.state_dict().values()))


def expected_tensors(run: Run) -> dict[str, tuple[tuple[int, ...], str]]:
    """The shape and dtype of each tensor in the model of a run, by name."""
    return _tensors_of(run.model)


def compare_checkpoint(checkpoint: Checkpoint, run: Run) -> tuple[Comparison, ...]:
    """One comparison per name: the model's names first, then those that only the file has.

    Of several tables in the file, it is the one that fits the model best.
    """
    needed = expected_tensors(run)
    return compare(_best(checkpoint, needed), needed)


def fitting_config(checkpoint: Checkpoint, config: Any) -> Any:
    """The first config like this one, with any model in any size that the pages offer, that a file fits; else None."""
    kind = kind_of(config)
    shapes = [[entry.shape for entry in table.entries] for table in _tables(checkpoint)]
    for candidate in itertools.islice(kind.fitting(config, shapes), MAX_CANDIDATES):
        if _fitting(checkpoint, _tensors_of(kind.run.build_model(candidate))):
            return candidate
    return None


def load_checkpoint(data: Any, into: Run, *, table: str | None = None) -> Checkpoint:
    """Load the weights of a file into a run, which keeps its history and epoch.

    Returns what was loaded, under the names of the model, and in its `notes` what was done for it.

    Raises `CheckpointError`, and leaves the run unchanged, unless the file fits this model exactly. If several tables
    fit, the code is "checkpoint.ambiguous", and `values["tables"]` has the places that `table` can be. The run
    continues with a new optimizer; without momentum, the training continues as if it had never stopped.
    """
    return adopt_checkpoint(read_checkpoint(data, limit=size_limit(into), table=table), into)


def adopt_checkpoint(checkpoint: Checkpoint, into: Run) -> Checkpoint:
    """Load a checkpoint that was already read into a run; the second half of `load_checkpoint`."""
    run, needed = into, expected_tensors(into)
    table = _best(checkpoint, needed)
    check_fit(compare(table, needed))
    if len(fitting := _fitting(checkpoint, needed)) > 1:
        places = tuple(one.place for one in fitting)
        raise refusal("checkpoint.ambiguous", count=len(places), found=", ".join(places), tables=places)
    _check_numbers(table.entries)
    model = run.fresh_model()
    model.load_state_dict({entry.name: entry.values for entry in table.entries}, strict=True)
    run.adopt(model)
    return Checkpoint(checkpoint.format, table.entries, table.notes, (table,))


def _tensors_of(model: torch.nn.Module) -> dict[str, tuple[tuple[int, ...], str]]:
    state = model.state_dict()
    return {name: (tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")) for name, tensor in state.items()}


def _tables(checkpoint: Checkpoint) -> tuple[Table, ...]:
    return checkpoint.tables or (Table("", checkpoint.entries, checkpoint.notes),)


def _fitted(checkpoint: Checkpoint, needed: Tensors) -> list[Table]:
    """The tables under the names of a model, where the structure is the same."""
    shapes = {name: shape for name, (shape, _) in needed.items()}
    ordered = checkpoint.format != "safetensors"  # which sorts the names
    return [fit_table(table, shapes, ordered=ordered) for table in _tables(checkpoint)]


def _fitting(checkpoint: Checkpoint, needed: Tensors) -> list[Table]:
    """The tables that fit a model, under its names."""
    return [table for table in _fitted(checkpoint, needed) if all(row.fits for row in compare(table, needed))]


def _best(checkpoint: Checkpoint, needed: Tensors) -> Table:
    """The first table that fits a model, else one that has its names, else the first."""
    tables = _fitted(checkpoint, needed)
    same_names = [table for table in tables if table.shapes.keys() == needed.keys()]
    return next(iter(_fitting(checkpoint, needed) or same_names or tables))


def _refuse_table(tables: tuple[Table, ...]) -> NoReturn:
    places = tuple(table.place for table in tables)
    raise refusal("checkpoint.no_such_table", found=", ".join(places), tables=places)


def _check_numbers(entries: Iterable[Entry]) -> None:
    """Raise unless all values are finite and small. They are float32 by now, so a large float64 counts as infinite."""
    values = [entry.values for entry in entries if entry.values is not None]
    if wild := sum(int((~tensor.isfinite()).sum()) for tensor in values):
        raise refusal("checkpoint.not_finite", count=wild)
    if big := sum(int((tensor.abs() >= TOO_BIG).sum()) for tensor in values):
        raise refusal("checkpoint.too_big_number", count=big, limit=int(TOO_BIG))

"""One table of tensors of a file, cleaned of what is usual around the weights of a model."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .notes import Note
from .sandbox.protocol import Entry, FoundTable
from .structure import Shape, match_names

PREFIXES = ("module", "_orig_mod", "_forward_module", "model", "net", "network")
"""Names of wrappers: of `nn.DataParallel`, `AveragedModel`, `torch.compile`, Lightning, and usual attributes."""

COUNTERS = ("num_batches_tracked", "n_averaged")
"""Names of counters that modules store beside their weights."""


@dataclass(frozen=True, eq=False)
class Table:
    """Tensors by name, in file order, and the notes on how they were read.

    `place` names the table within its file: its key if that is a usual one, else "#2" for the second; "" is the file.
    `found_names` has the name in the file of each entry that `fit_table` gave another one.
    """

    place: str
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...]
    found_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def shapes(self) -> dict[str, Shape]:
        return {entry.name: entry.shape for entry in self.entries}


def clean_tables(found: Sequence[FoundTable], left_out: Sequence[str]) -> tuple[Table, ...]:
    """The tables of a file without counters and common prefixes."""
    places = [table.place for table in found]
    return tuple(
        _clean(table, table.place if table.place != "?" and places.count(table.place) == 1 else f"#{number}", left_out)
        for number, table in enumerate(found, start=1)
    )


def _clean(found: FoundTable, place: str, left_out: Sequence[str]) -> Table:
    entries, notes = found.entries, []
    if found.place:
        notes.append(Note("note.inner_table") if found.place == "?" else Note("note.table", table=found.place))
    weights = tuple(entry for entry in entries if not _is_counter(entry))
    if counters := len(entries) - len(weights):
        notes.append(Note("note.counters", count=counters))
    prefix = _common_prefix([entry.name for entry in weights])
    if prefix:
        weights = tuple(dataclasses.replace(entry, name=entry.name.removeprefix(prefix)) for entry in weights)
        notes.append(Note("note.prefix", prefix=prefix))
    for dtype in dict.fromkeys(entry.dtype for entry in weights):
        if dtype in ("float16", "bfloat16"):
            notes.append(Note("note.rounded", dtype=dtype))
        elif dtype == "float64":
            notes.append(Note("note.shortened", dtype=dtype))
    notes += [Note(f"note.{what}") for what in sorted(left_out, reverse=True)]
    return Table(place, weights, tuple(notes))


def _is_counter(entry: Entry) -> bool:
    return entry.name.rpartition(".")[2] in COUNTERS and entry.values is None and entry.shape in ((), (1,))


def _common_prefix(names: Sequence[str]) -> str:
    """The usual prefixes with which all names begin, such as "module._orig_mod."."""
    prefix = ""
    while names:
        more = names[0].removeprefix(prefix).partition(".")[0]
        longer = f"{prefix}{more}."
        if more not in PREFIXES or not all(name.startswith(longer) and name != longer for name in names):
            break
        prefix = longer
    return prefix


def fit_table(table: Table, needed: Mapping[str, Shape], *, ordered: bool) -> Table:
    """The table under the names of a model that needs these shapes; unchanged if the structures differ."""
    names = match_names(table.shapes, needed, ordered=ordered)
    if names is None or all(name == ours for name, ours in names.items()):
        return table
    entries = tuple(dataclasses.replace(entry, name=names[entry.name]) for entry in table.entries)
    changed = {ours: name for name, ours in names.items() if name != ours}
    return Table(table.place, entries, (*table.notes, Note("note.names", count=len(changed))), changed)

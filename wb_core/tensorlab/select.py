"""Indexing: chapter 0, 27."""

import torch

from ..base.fields import N_
from . import origins
from .index import Index, Part
from .operation import Message, Operation, Origins
from .params import Source

SECTION = "select"
ALL = slice(None)


def at(tensor: torch.Tensor, index: tuple[Part, ...]) -> torch.Tensor:
    """`tensor[index]`."""
    parts = [part if isinstance(part, int) else slice(*part) for part in index]
    return tensor[tuple(parts) if len(parts) > 1 else parts[0]]  # PyTorch's errors for a[(1,)] and a[1] differ


def _came_from(a: torch.Tensor, index: tuple[Part, ...], result: torch.Tensor) -> Origins:
    return {"a": origins.moved(lambda cells: at(cells, index), a)}


def _index_note(a: torch.Tensor, index: tuple[Part, ...], result: torch.Tensor) -> Message | None:
    numbers = [str(dim) for dim, part in enumerate(index) if isinstance(part, int)]
    if not numbers:
        return Message(N_("Every dimension has a range or `:`, so none of them disappears."))
    return Message(
        N_(
            "A number picks one position, so its dimension disappears (here: dimension {dims}). A range, even of "
            "length 1, and `:` keep theirs: {before} becomes {after}."
        ),
        {"dims": ", ".join(numbers), "before": str(tuple(a.shape)), "after": str(tuple(result.shape))},
    )


INDEX = Operation(
    id="index",
    section=SECTION,
    name="A[...]",
    teaches=N_("Picks cells by their position in every dimension: a number, a range, or `:` for all."),
    params={
        "a": Source(label=N_("Tensor"), help=N_("The tensor to take something from.")),
        "index": Index(
            label=N_("Place"),
            help=N_(
                "Positions count from 0, and -1 is the last. 0:2 means 0 and 1, and `:` means all. A dimension you "
                "leave out is taken whole."
            ),
        ),
    },
    run=lambda a, index: at(a, index),
    code=lambda a, index: f"{a}[{index}]",
    origins=_came_from,
    note=_index_note,
)

OPERATIONS = (INDEX,)

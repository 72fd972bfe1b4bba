"""What the last click did, and which result is being watched."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

import wb_core as wb
from wb_core.tensorlab import Call, Edit, Program, Step


@dataclass(frozen=True)
class Kept:
    """A result that was put on the shelf, where it can be watched: the call, its name there, its rng_seed."""

    call: Call
    name: str
    rng_seed: int


@dataclass(frozen=True)
class Event:
    """What the last click did: cells that it changed by name, an edit, its code, a name for a result, or an error."""

    changed: Mapping[str, torch.Tensor] = field(default_factory=dict)
    edit: Edit | None = None
    code: str = ""
    kept: str = ""
    error: wb.WorkbenchError | None = None


def made_by(program: Program, name: str) -> int | None:
    """The number of the step that made what has this name at the end."""
    made = [number for number, step in enumerate(program) if isinstance(step, Step) and step.target == name]
    return made[-1] if made else None


def index_of(cell: int, tensor: torch.Tensor) -> tuple[int, ...]:
    """The place of a cell in every dimension; `TensorError` where there is none."""
    if cell >= tensor.numel():
        raise wb.TensorError("tensor.no_such_cell", f"there is no cell {cell}")
    return tuple(int(place) for place in torch.unravel_index(torch.tensor(cell), tensor.shape))

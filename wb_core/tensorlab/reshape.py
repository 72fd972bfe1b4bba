"""Operations that change the shape: chapter 0, 23 to 26."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from ..base.fields import N_
from . import origins
from .compute import transposed
from .limits import on_meta
from .lists import Sizes
from .operation import Message, Operation, Origins
from .params import Dim, Source, Sources, Whole

SECTION = "reshape"
TENSOR = Source(label=N_("Tensor"), help=N_("The tensor to start from."))
SHAPE = Sizes(
    torch="shape",
    label=N_("New shape"),
    help=N_(
        "Multiplied together, the sizes must give the number of values. One of them may be -1: PyTorch works it out."
    ),
    default=(3, 2),
)
SOURCES = Sources(torch="tensors", label=N_("Tensors"), help=N_("What to join, in this order."))
TIMES = Whole(label=N_("Times"), help=N_("How many times the list is repeated."), default=1, low=1, high=4)


def _dim(words: str, default: int | None, *, none: str = "") -> Dim:
    return Dim(torch="dim", label=N_("Dimension"), help=words, default=default, optional=bool(none), none=none)


def _origins_of(run: Callable[..., torch.Tensor]) -> Callable[..., Origins]:
    """The `origins` of an operation that only moves the cells of one tensor."""

    def came_from(a: torch.Tensor, result: torch.Tensor, **values: Any) -> Origins:
        return {"a": origins.moved(lambda cells: run(a=cells, **values), a)}

    return came_from


def _reshaping(
    id_: str,
    name: str,
    teaches: str,
    run: Callable[..., torch.Tensor],
    code: Callable[..., str],
    *,
    note: Callable[..., Message | None] = lambda **_: None,
    adds_dim: bool = False,
    **params: Any,
) -> Operation:
    return Operation(
        id=id_,
        section=SECTION,
        name=name,
        teaches=teaches,
        params={"a": TENSOR, **params},
        run=run,
        code=code,
        origins=_origins_of(run),
        note=note,
        adds_dim=adds_dim,
    )


def _without_parentheses(shape: str) -> str:
    """The sizes without parentheses, except for an empty shape, which needs them."""
    return shape if shape == "()" else shape.strip("()").removesuffix(",")


def _squeeze_note(a: torch.Tensor, dim: int | None, result: torch.Tensor) -> Message | None:
    if result.ndim < a.ndim:
        return None
    return Message(
        N_("Nothing happened. squeeze only removes dimensions of size 1, and the shape is {shape}."),
        {"shape": str(tuple(a.shape))},
    )


def _copy_note(a: torch.Tensor, shape: tuple[int, ...], result: torch.Tensor) -> Message | None:
    if a.untyped_storage().data_ptr() == result.untyped_storage().data_ptr():
        return None
    return Message(
        N_("The values aren't in this order in memory, so reshape had to copy them. view would have raised an error.")
    )


RESHAPE = _reshaping(
    "reshape",
    "reshape",
    N_("The same numbers, read row by row, in another shape. It shares memory where it can and copies where it can't."),
    lambda a, shape: a.reshape(shape),
    lambda a, shape: f"{a}.reshape({_without_parentheses(shape)})",
    note=_copy_note,
    shape=SHAPE,
)
VIEW = _reshaping(
    "view",
    "view",
    N_("Another view of the same memory: change one and you change both."),
    lambda a, shape: a.view(shape),
    lambda a, shape: f"{a}.view({_without_parentheses(shape)})",
    shape=SHAPE,
)
SQUEEZE = _reshaping(
    "squeeze",
    "squeeze",
    N_("Removes dimensions of size 1: all of them, or the one you name."),
    lambda a, dim: a.squeeze() if dim is None else a.squeeze(dim=dim),
    lambda a, dim: f"{a}.squeeze({'' if dim == 'None' else f'dim={dim}'})",
    note=_squeeze_note,
    dim=_dim(N_("Which dimension to remove. None removes all of size 1."), None, none=N_("none: all of size 1")),
)
UNSQUEEZE = _reshaping(
    "unsqueeze",
    "unsqueeze",
    N_("Adds a dimension of size 1: a row becomes a table with one row, or with one column."),
    lambda a, dim: a.unsqueeze(dim=dim),
    lambda a, dim: f"{a}.unsqueeze(dim={dim})",
    adds_dim=True,
    dim=_dim(N_("Where the new dimension goes in the shape."), 0),
)
PERMUTE = _reshaping(
    "permute",
    "torch.permute",
    N_("Reorders the dimensions; the values stay where they are in memory."),
    lambda a, dims: torch.permute(a, dims),
    lambda a, dims: f"torch.permute({a}, {dims})",
    dims=Sizes(
        torch="dims",
        label=N_("Order"),
        help=N_("The old dimensions in their new order: 2, 0, 1 moves the last one to the front."),
        default=(1, 0),
    ),
)
FLIP = _reshaping(
    "flip",
    "torch.flip",
    N_("Reverses dimensions: the last row comes first. It's a copy; a range of an index can't go backwards."),
    lambda a, dims: torch.flip(a, dims),
    lambda a, dims: f"torch.flip({a}, dims={dims})",
    dims=Sizes(
        torch="dims",
        label=N_("Dimensions"),
        help=N_("Which dimensions to reverse: 0 the rows of a table, 1 its columns; 0, 1 both."),
        default=(0,),
    ),
)
T = _reshaping(
    "t",
    ".T",
    N_("Rows become columns and columns rows: the transpose. It is a view."),
    lambda a: transposed(a),
    lambda a: f"{a}.T",
)
CLONE = _reshaping(
    "clone",
    "clone",
    N_("A copy with its own memory. Whatever you do to it, the original stays the same."),
    lambda a: a.clone(),
    lambda a: f"{a}.clone()",
)


def _joining(
    name: str, teaches: str, words: str, join: Callable[[Sequence[torch.Tensor], int], torch.Tensor]
) -> Operation:
    def run(tensors: tuple[torch.Tensor, ...], times: int, dim: int) -> torch.Tensor:
        return join(tensors * times, dim)

    def came_from(
        tensors: tuple[torch.Tensor, ...], times: int, dim: int, result: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        parts = origins.joined(lambda cells: join(cells, dim), tensors * times)
        # Merge the repetitions of each tensor; cells that come from others are -1.
        return {str(i): torch.stack(parts[i :: len(tensors)]).amax(dim=0) for i in range(len(tensors))}

    return Operation(
        id=name,
        section=SECTION,
        name=f"torch.{name}",
        teaches=teaches,
        params={"tensors": SOURCES, "times": TIMES, "dim": _dim(words, 0)},
        run=run,
        code=lambda tensors, times, dim: f"torch.{name}([{', '.join([tensors] * int(times))}], dim={dim})",
        planned=on_meta(run),
        adds_dim=name == "stack",
        origins=came_from,
    )


STACK = _joining(
    "stack",
    N_("Puts tensors of the same shape side by side in a new dimension."),
    N_("Where the new dimension goes: 0 is first, -1 last."),
    lambda tensors, dim: torch.stack(list(tensors), dim=dim),
)
CAT = _joining(
    "cat",
    N_("Puts tensors end to end in a dimension that they already have; all others must be equal."),
    N_("The dimension that grows."),
    lambda tensors, dim: torch.cat(list(tensors), dim=dim),
)

OPERATIONS = (RESHAPE, VIEW, STACK, CAT, SQUEEZE, UNSQUEEZE, PERMUTE, FLIP, T, CLONE)

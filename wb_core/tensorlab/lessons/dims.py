"""Dimensions and indices out of range."""

from typing import Any

from ...base.fields import N_
from ..index import ALL, Part
from ..operation import Call
from .lesson import Lesson, Values, instead, shape, taught


def beyond(call: Call, values: Values) -> Lesson | None:
    """The tensor does not have this dimension."""
    dim = values["dim"]
    if dim is None:
        return None
    tensor = values["a"] if "a" in values else values["tensors"][0]
    dims = tensor.ndim + call.operation.adds_dim  # unsqueeze and stack name a dimension of the result
    if -max(dims, 1) <= dim < max(dims, 1):
        return None
    return taught(
        N_(
            "There's no dimension {dim} here. Dimensions are counted from 0: the last one is {last}, or -1 from the "
            "end."
        ),
        dim=dim,
        last=max(dims - 1, 0),
        fixes=[instead(call, dim=-1), instead(call, dim=max(dims - 1, 0))],
    )


def not_an_order(call: Call, values: Values) -> Lesson | None:
    """The order does not contain each dimension exactly once."""
    tensor, dims = values["a"], values["dims"]
    backwards = tuple(reversed(range(tensor.ndim)))
    forwards = tuple(range(tensor.ndim))
    return taught(
        N_("{name} has {ndim} dimensions, so the order must name each of {all} exactly once, not {dims}."),
        name=call.args["a"],
        ndim=tensor.ndim,
        all=", ".join(map(str, forwards)) or "–",
        dims=", ".join(map(str, dims)) or "–",
        fixes=[
            # Keep the valid part of the order.
            instead(call, dims=_completed(dims, tensor.ndim)),
            instead(call, dims=backwards),
        ],
    )


def _completed(dims: tuple[int, ...], ndim: int) -> tuple[int, ...]:
    inside = list(dict.fromkeys(dim % ndim for dim in dims if -ndim <= dim < ndim)) if ndim else []
    return (*inside, *(dim for dim in range(ndim) if dim not in inside))


def too_many(call: Call, values: Values) -> Lesson | None:
    """The index has more parts than the tensor has dimensions."""
    tensor, index = values["a"], values["index"]
    if len(index) <= tensor.ndim:
        return None
    return taught(
        N_("{name} has the shape {shape}, so it takes at most {ndim} parts in the brackets, and there are {count}."),
        name=call.args["a"],
        shape=shape(tensor),
        ndim=tensor.ndim,
        count=len(index),
        fixes=[instead(call, index=index[: tensor.ndim])] if tensor.ndim else [],
    )


def outside(call: Call, values: Values) -> Lesson | None:
    """An index is out of range."""
    tensor, index = values["a"], values["index"]
    for dim, part in enumerate(index):
        size = tensor.shape[dim]
        if isinstance(part, int) and not size:
            return taught(
                N_("Dimension {dim} of {name} is empty, so there's nothing to pick from."),
                dim=dim,
                name=call.args["a"],
                marks={call.args["a"]: [dim]},
                fixes=[instead(call, index=_with(index, dim, ALL))],
            )
        if isinstance(part, int) and not -size <= part < size:
            return taught(
                N_(
                    "Dimension {dim} of {name} has {size} positions, from 0 to {last} (or from the end, -1 to "
                    "-{size}). There's no {part}."
                ),
                name=call.args["a"],
                dim=dim,
                size=size,
                last=size - 1,
                part=part,
                marks={call.args["a"]: [dim]},
                fixes=[instead(call, index=_with(index, dim, size - 1)), instead(call, index=_with(index, dim, 0))],
            )
    return None


def backwards(call: Call, values: Values) -> Lesson | None:
    """The step of a range is 0 or negative."""
    index = values["index"]
    for dim, part in enumerate(index):
        if not isinstance(part, int) and part[2] is not None and part[2] < 1:
            return taught(
                N_("The step of a range must be 1 or more. Unlike Python lists, PyTorch doesn't go backwards."),
                marks={call.args["a"]: [dim]},
                fixes=[instead(call, index=_with(index, dim, (part[0], part[1], None)))],
            )
    return None


def _with(index: tuple[Part, ...], dim: int, part: Any) -> tuple[Part, ...]:
    return (*index[:dim], part, *index[dim + 1 :])

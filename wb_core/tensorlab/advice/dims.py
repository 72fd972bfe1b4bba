"""Dimensions and indices out of range."""

from typing import Any

from ...base.fields import N_
from ..index import ALL, Part
from ..operation import Call
from .parts import Advice, Values, instead, shape, step, taught


def beyond(call: Call, values: Values) -> Advice | None:
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


def not_an_order(call: Call, values: Values) -> Advice | None:
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


def too_many(call: Call, values: Values) -> Advice | None:
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


def outside(call: Call, values: Values) -> Advice | None:
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


def no_forward_step(call: Call, values: Values) -> Advice | None:
    """The step of a range is 0."""
    ndim = values["a"].ndim
    for dim, part in enumerate(values["index"]):
        if not isinstance(part, int) and part[2] == 0:
            return taught(
                N_("With a step of 0 a range would never get on. The step must be 1 or more."),
                marks={call.args["a"]: [dim]} if dim < ndim else {},
                fixes=[instead(call, index=_with(values["index"], dim, (part[0], part[1], None)))],
            )
    return None


def backwards(call: Call, values: Values) -> Advice | None:
    """The step of a range is negative, which NumPy accepts."""
    tensor, index, name = values["a"], values["index"], call.args["a"]
    turned = {dim: part for dim, part in enumerate(index) if not isinstance(part, int) and (part[2] or 1) < 0}
    if not turned:
        return None
    # PyTorch looks at the steps before it counts the parts, of which there may be more than dimensions.
    dims = tuple(dim for dim in turned if dim < tensor.ndim)
    parts = enumerate(index[: tensor.ndim])
    forwards = tuple(_forwards(turned[dim], tensor.shape[dim]) if dim in turned else part for dim, part in parts)
    return taught(
        N_(
            "The step of a range must be 1 or more. Unlike lists and NumPy arrays, a tensor has no ranges that go "
            "backwards; torch.flip reverses a dimension."
        ),
        marks={name: dims},
        fixes=[
            instead(call, operation="flip", a=name, dims=dims)
            if all(part == ALL for part in forwards)
            else instead(call, step(name, "flip", dims=dims), index=forwards)
        ]
        if dims
        else [],
    )


def _forwards(part: tuple[int | None, int | None, int | None], size: int) -> Part:
    """The range that picks from the reversed dimension what this one, with a negative step, means in NumPy."""
    places = range(*slice(*part).indices(size))
    if not places:
        return (0, 0, None)
    start, last, width = size - 1 - places[0], size - 1 - places[-1], -places.step
    return (start or None, None if last + width >= size else last + 1, None if width == 1 else width)


def not_to_flip(call: Call, values: Values) -> Advice | None:
    """A dimension to flip is not there, or named twice."""
    tensor, dims = values["a"], values["dims"]
    inside = tuple(dict.fromkeys(dim % tensor.ndim for dim in dims if -tensor.ndim <= dim < tensor.ndim))
    return taught(
        N_("{name} has {ndim} dimensions, counted from 0. Name each one to reverse once, instead of {dims}."),
        name=call.args["a"],
        ndim=tensor.ndim,
        dims=", ".join(map(str, dims)) or "–",
        fixes=[instead(call, dims=inside or (0,))],
    )


def _with(index: tuple[Part, ...], dim: int, part: Any) -> tuple[Part, ...]:
    return (*index[:dim], part, *index[dim + 1 :])

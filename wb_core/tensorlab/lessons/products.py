"""Shapes and operands that a matrix product does not accept."""

from typing import Any

import torch

from ...base.fields import N_
from ..compute import turned
from ..operation import Call
from .lesson import Lesson, Values, instead, shape, step, taught
from .types import conversions


def single_number(call: Call, values: Values) -> Lesson | None:
    """A 0-D tensor has no rows and columns."""
    for name in ("a", "b"):
        if values[name].ndim == 0:
            return taught(
                N_("{name} is a single number: it has no row and no column for a matrix product. Use * instead."),
                name=call.args[name],
                fixes=[instead(call, operation="mul", a=call.args["a"], b=call.args["b"])],
            )
    return None


def two_dims_only(call: Call, values: Values) -> Lesson | None:
    """`torch.mm` accepts only 2-D tensors."""
    if values["spelling"] != "mm":
        return None
    for name in ("a", "b"):
        if values[name].ndim != 2:
            return taught(
                N_(
                    "torch.mm takes tables with two dimensions, and {name} has {ndim}. torch.matmul takes the "
                    "others too."
                ),
                name=call.args[name],
                ndim=values[name].ndim,
                fixes=[instead(call, spelling="matmul")],
            )
    return None


def inner(call: Call, values: Values) -> Lesson | None:
    """The inner dimensions differ."""
    a, b = turned(values["a"], values["b"], values["transpose"])
    dim_a, dim_b = a.ndim - 1, max(b.ndim - 2, 0)
    if a.shape[dim_a] == b.shape[dim_b]:
        return None
    name_a, name_b = call.args["a"], call.args["b"]
    dim_a, dim_b = (
        _original_dim(values["a"], dim_a, values["transpose"], "a"),
        _original_dim(values["b"], dim_b, values["transpose"], "b"),
    )
    clash = {name_a: {dim_a}}
    clash[name_b] = clash.get(name_b, set()) | {dim_b}
    convert = conversions(call, values)
    other_ways = ("b", "a", "none", "both")
    matching = [
        step(name, "unsqueeze", dim=at) for name, tensor, at in ((name_b, b, 0), (name_a, a, -1)) if tensor.ndim == 1
    ]
    return taught(
        N_(
            "The inner sizes must be equal. The first tensor, {a}, has rows of length {size_a}; the second, {b}, "
            "has columns of length {size_b}. Each row is multiplied with a column, number by number."
        ),
        a=shape(a),
        b=shape(b),
        size_a=a.shape[-1],
        size_b=b.shape[max(b.ndim - 2, 0)],
        marks=clash,
        fixes=[
            *(instead(call, *convert, transpose=way) for way in other_ways),
            *(instead(call, *convert, added) for added in matching),
        ],
    )


def outer(call: Call, values: Values) -> Lesson | None:
    """The batch dimensions, those before the last two, cannot be broadcast."""
    a, b = turned(values["a"], values["b"], values["transpose"])
    first, second = a.shape[:-2], b.shape[:-2]
    pairs = zip(reversed(first), reversed(second), strict=False)
    if all(one == other or 1 in (one, other) for one, other in pairs):
        return None
    return taught(
        N_(
            "The last two dimensions are the tables that get multiplied; the ones before say how many tables there "
            "are. {a} and {b} don't match there."
        ),
        a=shape(a),
        b=shape(b),
        marks={call.args["a"]: range(len(first)), call.args["b"]: range(len(second))},
    )


def _original_dim(tensor: torch.Tensor, dim: int, transpose: Any, name: str) -> int:
    """The dimension of the original tensor for dimension `dim` of the (perhaps transposed) operand."""
    return tensor.ndim - 1 - dim if transpose in (name, "both") else dim

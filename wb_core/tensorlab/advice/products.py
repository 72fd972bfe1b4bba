"""Shapes and operands that a matrix product does not accept."""

from collections.abc import Iterator
from typing import Any

import torch

from ...base.fields import N_
from ..compute import turned
from ..operation import Call
from ..program import Step
from .parts import Advice, Fix, Values, instead, shape, step, taught
from .types import conversions


def single_number(call: Call, values: Values) -> Advice | None:
    """A 0-D tensor has no rows and columns."""
    for name in ("a", "b"):
        if values[name].ndim == 0:
            return taught(
                N_("{name} is a single number: it has no row and no column for a matrix product. Use * instead."),
                name=call.args[name],
                fixes=[instead(call, operation="mul", a=call.args["a"], b=call.args["b"])],
            )
    return None


def two_dims_only(call: Call, values: Values) -> Advice | None:
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


def inner(call: Call, values: Values) -> Advice | None:
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
        fixes=[instead(call, *conversions(call, values), *steps, **changes) for steps, changes in _ways(call, values)],
    )


def _ways(call: Call, values: Values) -> Iterator[tuple[tuple[Step, ...], dict[str, str]]]:
    """Steps, and another `transpose`, that may make the inner sizes equal without mixing what belongs to two batches.

    A batch is what the dimensions before the last two count, as in a (4, 3, 5).
    """
    (name_a, a), (name_b, b) = ((call.args[name], values[name]) for name in ("a", "b"))
    if a.ndim > 2 and b.shape == (*a.shape[:-2], a.shape[-1]):
        yield (step(name_b, "unsqueeze", dim=-1),), {"transpose": "none"}  # a column for each table
        return
    # A table turned for all batches; but if it has a row or column for each batch, every batch would get all of them.
    turns = {"a": a.ndim == 2 and a.shape[-1] not in b.shape[:-2], "b": b.ndim == 2 and b.shape[0] not in a.shape[:-2]}
    for way in ("b", "a", "none", "both"):
        if all(right for name, right in turns.items() if way in (name, "both")):
            yield (), {"transpose": way}
    if a.ndim > 2 and b.ndim > 2 and a.shape[:-2] == b.shape[:-2]:
        yield (swapped(name_b, b),), {"transpose": "none"}  # .T reverses all dimensions, and PyTorch warns of it
        yield (swapped(name_a, a),), {"transpose": "none"}
    for name, tensor, dim in ((name_b, b, 0), (name_a, a, -1)):
        if tensor.ndim == 1:
            yield (step(name, "unsqueeze", dim=dim),), {}


def swapped(name: str, tensor: torch.Tensor) -> Step:
    """The step that swaps the last two dimensions of a tensor."""
    return step(name, "permute", dims=(*range(tensor.ndim - 2), tensor.ndim - 1, tensor.ndim - 2))


def outer(call: Call, values: Values) -> Advice | None:
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
        fixes=[a_row_for_each_table(call, values)],
    )


def a_row_for_each_table(call: Call, values: Values) -> Fix | None:
    """The repair for a (4, 5) with a (4, 5, 3): each row meets its own table; None for other shapes."""
    if values["b"].ndim < 3 or values["a"].shape != values["b"].shape[:-1]:
        return None
    return instead(call, step(call.args["a"], "unsqueeze", dim=-2), transpose="none")


def _original_dim(tensor: torch.Tensor, dim: int, transpose: Any, name: str) -> int:
    """The dimension of the original tensor for dimension `dim` of the (perhaps transposed) operand."""
    return tensor.ndim - 1 - dim if transpose in (name, "both") else dim

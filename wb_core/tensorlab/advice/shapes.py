"""Shapes that do not match."""

import itertools
import math
from collections.abc import Iterator

import torch

from ...base.fields import N_
from ..operation import Call
from .parts import Advice, Fix, Values, instead, shape, step, taught


def broadcasting(call: Call, values: Values) -> Advice | None:
    """The shapes cannot be broadcast."""
    if values.get("other") == "number":
        return None
    a, b = values["a"], values["b"]
    pairs = list(itertools.zip_longest(reversed(a.shape), reversed(b.shape), fillvalue=1))
    clashes = [place for place, (one, other) in enumerate(pairs) if one != other and 1 not in (one, other)]
    if not clashes:
        return None
    one, other = pairs[clashes[0]]
    name_a, name_b = call.args["a"], call.args["b"]
    return taught(
        N_(
            "Compare the shapes from the right. Two sizes must be equal, or one of them must be 1 and gets "
            "stretched. In {a} and {b}, {one} meets {other}."
        ),
        a=shape(a),
        b=shape(b),
        one=one,
        other=other,
        marks={name_a: [a.ndim - 1 - place for place in clashes], name_b: [b.ndim - 1 - place for place in clashes]},
        fixes=[
            *(instead(call, step(name_b, "unsqueeze", dim=dim)) for dim in _new_dims(b, a)),
            *(instead(call, step(name_a, "unsqueeze", dim=dim)) for dim in _new_dims(a, b)),
            *([instead(call, step(name_b, "t"))] if b.ndim == 2 and b.T.shape == a.shape else []),
        ],
    )


def _new_dims(tensor: torch.Tensor, other: torch.Tensor) -> Iterator[int]:
    """Where a dimension of size 1 lets a tensor stretch to the shape of the other, which keeps its shape.

    If both grew, every value of one would meet every value of the other.
    """
    for dim in range(1, tensor.ndim + 1):
        sizes = (*tensor.shape[:dim], 1, *tensor.shape[dim:])
        pairs = list(zip(reversed(sizes), reversed(other.shape), strict=False))
        if len(sizes) <= other.ndim and all(size in (1, target) for size, target in pairs):
            yield dim


def empty(call: Call, values: Values) -> Advice | None:
    """An empty tensor has no minimum or maximum."""
    if values["a"].numel():
        return None
    return taught(
        N_("{name} is empty (shape {shape}), so it has no largest or smallest number."),
        name=call.args["a"],
        shape=shape(values["a"]),
    )


def ambiguous(call: Call, values: Values) -> Advice | None:
    """The shape has a -1 beside a 0, so PyTorch cannot infer a size."""
    sizes = values["shape"]
    if 0 not in sizes or sizes.count(-1) != 1 or values["a"].numel():
        return None
    return taught(
        N_("With a 0 in the shape, any number could replace -1, so PyTorch can't work it out. Write a number instead."),
        fixes=[instead(call, shape=tuple(1 if size == -1 else size for size in sizes))],
    )


def count(call: Call, values: Values) -> Advice | None:
    """The new shape has another number of elements."""
    tensor, sizes = values["a"], values["shape"]
    known = [size for size in sizes if size != -1]
    product = math.prod(known)
    if len(sizes) - len(known) > 1 or min(known, default=1) < 0:
        return None
    if product == tensor.numel() or (len(known) < len(sizes) and product and tensor.numel() % product == 0):
        return None
    template = (
        N_(
            "The sizes in {shape} multiply to {arithmetic}, but {name} holds {numel} values. A new shape never "
            "drops or adds values."
        )
        if len(known) == len(sizes)
        else N_(
            "{name} has {numel} values, which isn't divisible by {arithmetic}, so no whole number fits in place of -1."
        )
    )
    return taught(
        template,
        shape=str(sizes),
        arithmetic=_product(known, product),
        name=call.args["a"],
        numel=f"{tensor.numel():,}",
        fixes=_other_shapes(call, sizes, tensor.numel()),
    )


def _product(sizes: list[int], product: int) -> str:
    return f"{' × '.join(map(str, sizes))} = {product:,}" if len(sizes) > 1 else f"{product:,}"


def _other_shapes(call: Call, sizes: tuple[int, ...], numel: int) -> Iterator[Fix | None]:
    """Shapes close to the requested one: with one size inferred by PyTorch (-1), then the most square shape."""
    for place in range(len(sizes)):
        yield instead(call, shape=(*sizes[:place], -1, *sizes[place + 1 :]))
    if len(sizes) == 2:
        rows = next(size for size in range(math.isqrt(max(numel, 1)), 0, -1) if numel % size == 0)
        yield instead(call, shape=(rows, numel // rows))
    yield instead(call, shape=(-1,))


def two_unknown(call: Call, values: Values) -> Advice | None:
    """The shape has several -1, or another negative size."""
    sizes = values["shape"]
    if sizes.count(-1) < 2 and min(sizes, default=0) >= -1:
        return None
    return taught(
        N_("Sizes are whole numbers from 0 up, and only one of them may be -1: PyTorch can work out one unknown."),
        fixes=[instead(call, shape=(-1,)), instead(call, shape=tuple(values["a"].shape))],
    )


def not_in_order(call: Call, values: Values) -> Advice | None:
    """No strides can describe this view of the memory."""
    return taught(
        N_(
            "view never copies. The values of {name} aren't in memory in the order you read them (is_contiguous is "
            "{contiguous}), so fixed steps through memory can't read the new shape. reshape copies if it has to."
        ),
        name=call.args["a"],
        contiguous=values["a"].is_contiguous(),
        fixes=[instead(call, operation="reshape", a=call.args["a"], shape=values["shape"])],
    )


def unequal(call: Call, values: Values) -> Advice | None:
    """`torch.stack` needs equal shapes."""
    found = _different(call, values["tensors"])
    if found is None:
        return None
    first, other, dims = found
    return taught(
        N_("stack puts equal shapes on top of each other. {first} is {shape_first}, but {other} is {shape_other}."),
        first=first[0],
        other=other[0],
        shape_first=shape(first[1]),
        shape_other=shape(other[1]),
        marks=_marks(first, other, dims),
        fixes=[
            *([instead(call, step(other[0], "t"))] if other[1].ndim == 2 else []),
            *(
                instead(call, operation="cat", tensors=call.args["tensors"], times=call.args["times"], dim=d)
                for d in (0, 1)
            ),
        ],
    )


def unequal_to_join(call: Call, values: Values) -> Advice | None:
    """`torch.cat` needs shapes that are equal except in `dim`."""
    found = _different(call, values["tensors"])
    if found is None:
        return None
    first, other, dims = found
    dim = call.args["dim"]
    return taught(
        N_(
            "cat joins tensors end to end in dimension {dim}, so all other dimensions must be equal. {first} is "
            "{shape_first}, but {other} is {shape_other}."
        ),
        dim=dim,
        first=first[0],
        other=other[0],
        shape_first=shape(first[1]),
        shape_other=shape(other[1]),
        marks=_marks(first, other, [d for d in dims if d != dim]),
        fixes=[
            *(instead(call, dim=d) for d in range(first[1].ndim)),
            *([instead(call, step(other[0], "t"))] if other[1].ndim == 2 else []),
        ],
    )


def single_number(call: Call, values: Values) -> Advice | None:
    """A 0-D tensor has no dimension to concatenate along."""
    for name, tensor in zip(call.args["tensors"], values["tensors"], strict=True):
        if tensor.ndim == 0:
            return taught(
                N_(
                    "{name} is a single number without a dimension, so nothing can be joined to it. stack makes a "
                    "new dimension."
                ),
                name=name,
                fixes=[instead(call, operation="stack", tensors=call.args["tensors"], times=call.args["times"], dim=0)],
            )
    return None


def _marks(first: tuple[str, torch.Tensor], other: tuple[str, torch.Tensor], dims: list[int]) -> dict[str, list[int]]:
    """The clashing dimensions that each of two tensors has, by name."""
    return {name: [dim for dim in dims if dim < tensor.ndim] for name, tensor in (first, other)}


def _different(
    call: Call, tensors: tuple[torch.Tensor, ...]
) -> tuple[tuple[str, torch.Tensor], tuple[str, torch.Tensor], list[int]] | None:
    """The first tensor, the first with another shape, and the dimensions in which they differ; None if all match."""
    names = call.args["tensors"]
    for name, tensor in zip(names, tensors, strict=True):
        if tensor.shape != tensors[0].shape:
            pairs = itertools.zip_longest(tensors[0].shape, tensor.shape)
            dims = [dim for dim, (one, other) in enumerate(pairs) if one != other]
            return (names[0], tensors[0]), (name, tensor), dims
    return None

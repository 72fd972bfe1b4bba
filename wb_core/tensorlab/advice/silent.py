"""Code that runs, but rarely as it was meant."""

import math

import torch

from ...base.fields import N_
from ..operation import Call
from .parts import Advice, Values, instead, shape, step, taught
from .products import a_row_for_each_table, swapped

CHANNELS = (3, 4)
"""The numbers of color sheets in a picture: red, green, blue, and perhaps alpha."""


def every_pair(call: Call, values: Values) -> Advice | None:
    """A column (N, 1) and a row (N,) are broadcast to (N, N)."""
    a, b = values["a"], values["b"]
    if b is None or values.get("other") == "number":
        return None
    names = (call.args["a"], call.args["b"])
    row, column = sorted(((a, names[0]), (b, names[1])), key=lambda pair: pair[0].ndim)
    if column[0].shape != (*row[0].shape, 1) or row[0].ndim != 1 or len(row[0]) < 2:
        return None
    count = len(row[0])
    one, other = (tensor.detach().to(torch.float64) for tensor in (row[0], column[0]))
    meant, made = (f"{((one - cells) ** 2).mean():.4g}" for cells in (other.squeeze(dim=-1), other))
    return taught(
        N_(
            "{shape_a} with {shape_b} gives ({count}, {count}): every value of one meets every value of the other. As "
            "predictions and targets in a loss, that would be {square} differences instead of {count}, and a model "
            "that learns the wrong thing without any error. The mean squared error would be {made} instead of {meant}."
        ),
        shape_a=shape(a),
        shape_b=shape(b),
        count=f"{count:,}",
        square=f"{count * count:,}",
        made=made,
        meant=meant,
        marks={column[1]: [column[0].ndim - 1]},
        fixes=[
            instead(call, step(row[1], "unsqueeze", dim=-1)),
            instead(call, step(column[1], "squeeze", dim=-1)),
        ],
    )


def scrambled(call: Call, values: Values) -> Advice | None:
    """`reshape` or `view` in place of `permute`, to move the colors of a picture: (H, W, 3) to (3, H, W), or back."""
    tensor = values["a"]
    if tensor.ndim not in (3, 4):
        return None
    sizes = torch.empty(tensor.shape, device="meta").reshape(values["shape"]).shape  # with the size of a -1
    first = tuple(range(tensor.ndim - 3))  # the dimension of the pictures of a batch
    rest = range(tensor.ndim - 3, tensor.ndim)
    for order, colors in (((rest[2], rest[0], rest[1]), -1), ((rest[1], rest[2], rest[0]), -3)):
        moved = torch.permute(tensor, (*first, *order))
        if tensor.shape[colors] in CHANNELS and sizes == moved.shape and sizes != tensor.shape:
            return taught(
                N_(
                    "{name} moves no dimension. It reads the values in their old order into rows of another length, "
                    "so colors become pixels and the picture is scrambled. To move the colors, use torch.permute."
                ),
                name=call.operation.name,
                fixes=[instead(call, operation="permute", a=call.args["a"], dims=(*first, *order))],
            )
    return None


def not_a_table(call: Call, values: Values) -> Advice | None:
    """`.T` of a tensor that has not two dimensions."""
    tensor, name = values["a"], call.args["a"]
    if tensor.ndim == 2:
        return None
    backwards = tuple(reversed(range(tensor.ndim)))
    more = [swapped(name, tensor).call.args["dims"], backwards] if tensor.ndim > 2 else []
    return taught(
        N_("`.T` is meant for two dimensions, and here are {ndim}. PyTorch warns that this will be an error one day."),
        ndim=tensor.ndim,
        fixes=[
            *(instead(call, operation="permute", a=name, dims=dims) for dims in more),
            *([instead(call, operation="unsqueeze", a=name, dim=-1)] if tensor.ndim == 1 else []),
        ],
    )


def factor_not_a_table(call: Call, values: Values) -> Advice | None:
    """`.T` of an operand of a product that has not two dimensions."""
    turned = [name for name in ("a", "b") if values["transpose"] in (name, "both") and values[name].ndim != 2]
    if not turned:
        return None
    return taught(
        N_(
            "`.T` is meant for two dimensions, and {name} has {ndim}: it reverses all of them, also the one that "
            "counts the tables. PyTorch warns that this will be an error one day. Swap only the last two."
        ),
        name=call.args[turned[0]],
        ndim=values[turned[0]].ndim,
        fixes=[
            instead(
                call,
                *(swapped(call.args[name], values[name]) for name in turned if values[name].ndim > 2),
                transpose="none",
            )
        ],
    )


def every_table(call: Call, values: Values) -> Advice | None:
    """The rows of a (4, 5) meet all tables of a (4, 5, 3), which has one for each row."""
    fix = a_row_for_each_table(call, values) if values["transpose"] == "none" else None
    if fix is None:
        return None
    a, b = values["a"], values["b"]
    return taught(
        N_(
            "{shape_a} with {shape_b} multiplies every row of {a} with every one of the {count} tables of {b}. If each "
            "row belongs to one table, make it a table with one row."
        ),
        a=call.args["a"],
        b=call.args["b"],
        shape_a=shape(a),
        shape_b=shape(b),
        count=f"{math.prod(b.shape[:-2]):,}",
        fixes=[fix],
    )

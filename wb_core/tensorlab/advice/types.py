"""Dtypes that do not match."""

import torch

from ...base.fields import N_
from ..dtypes import dtype_of
from ..operation import Call
from ..program import Step
from .parts import Advice, Values, dtype, instead, step, taught

WINNERS = ("argmin", "argmax")


def conversions(call: Call, values: Values) -> list[Step]:
    """The steps that convert both operands of a product to floating point, if their dtypes differ or are bool."""
    tensors = {call.args[name]: values[name] for name in ("a", "b")}
    dtypes = {tensor.dtype for tensor in tensors.values()}
    if len(dtypes) == 1 and torch.bool not in dtypes:
        return []
    return [step(name, "type", dtype="float32") for name, t in tensors.items() if t.dtype != torch.float32]


def of_a_product(call: Call, values: Values) -> Advice | None:
    """A matrix product needs two tensors of the same dtype, except bool."""
    convert = conversions(call, values)
    if values["a"].dtype != values["b"].dtype:
        return taught(
            N_(
                "{a} holds {type_a} and {b} holds {type_b}. A matrix product doesn't convert by itself: both must "
                "have the same type."
            ),
            a=call.args["a"],
            b=call.args["b"],
            type_a=dtype(values["a"]),
            type_b=dtype(values["b"]),
            fixes=[instead(call, *convert)],
        )
    if values["a"].dtype == torch.bool:
        return taught(
            N_("True and False can't be used in a matrix product. As numbers, 1 and 0, they can."),
            fixes=[instead(call, *convert)],
        )
    return None


def two_bools(call: Call, values: Values) -> Advice | None:
    """`-` does not accept bool."""
    tensors = {call.args[name]: values[name] for name in ("a", "b") if values[name] is not None}
    names = [name for name, tensor in tensors.items() if tensor.dtype == torch.bool]
    if not names:
        return None
    return taught(
        N_("PyTorch can't subtract True and False. As whole numbers, 1 and 0, it can."),
        fixes=[instead(call, *(step(name, "type", dtype="int64") for name in names))],
    )


def to_aggregate(call: Call, values: Values) -> Advice | None:
    """`mean` needs floating point, and argmin and argmax do not accept bool."""
    tensor, name = values["a"], call.operation.id
    converted = dtype_of(values["convert"]) or tensor.dtype
    if name == "mean" and not converted.is_floating_point:
        return taught(
            N_(
                "A mean is rarely a whole number, but these values are {type}. PyTorch doesn't guess: convert them "
                "to decimal numbers first."
            ),
            type=str(converted).removeprefix("torch."),
            fixes=[instead(call, convert="float32")],
        )
    if name in WINNERS and converted == torch.bool:
        return taught(
            N_("{a} holds True and False, but {name} only compares numbers. As 1 and 0 they can be compared."),
            a=call.args["a"],
            name=name,
            fixes=[instead(call, convert="int64")],
        )
    return None

"""Conversions between NumPy and PyTorch: chapter 0, 28."""

import math
from typing import Any

import numpy as np
import torch

from ..base.fields import N_
from .dtypes import dtype_of
from .operation import Message, Operation, OpResult
from .origins import numbered
from .params import Flag, Pick, Scalar, Source
from .places import PLACES, moved

SECTION = "numpy"


def _count(start: float, end: float, **_: Any) -> tuple[int, ...]:
    return (max(0, math.ceil(end - start)),)


def _from_numpy(start: float, end: float, convert: str) -> OpResult:
    array = np.arange(start, end)
    tensor = torch.from_numpy(array)
    dtype = dtype_of(convert)
    return OpResult(tensor if dtype is None else tensor.type(dtype), {"array": array})


def _dtype_note(start: float, end: float, convert: str, result: torch.Tensor) -> Message:
    if convert == "none":
        return Message(
            N_(
                "The tensor keeps NumPy's type, {dtype}, and shares its memory: change a value, and the array "
                "changes too."
            ),
            {"dtype": str(result.dtype)},
        )
    return Message(
        N_("`.type(...)` made a copy with {bytes} bytes per value, so the array and the tensor are now separate."),
        {"bytes": str(result.itemsize)},
    )


FROM_NUMPY = Operation(
    id="from-numpy",
    section=SECTION,
    name="torch.from_numpy",
    teaches=N_(
        "Makes a tensor from a NumPy array. NumPy's decimal numbers are float64 and PyTorch's are float32, so "
        "convert them."
    ),
    params={
        "start": Scalar(torch="start", label=N_("Start"), help=N_("The first number of the array."), default=1.0),
        "end": Scalar(
            torch="end", label=N_("End"), help=N_("Where it stops. This number itself isn't included."), default=8.0
        ),
        "convert": Pick(
            torch=".type",
            label=N_("Convert"),
            help=N_("Turn NumPy's float64 into the type that models work with."),
            default="float32",
            options={
                "none": (N_("unchanged"), "None"),
                "float32": (".type(torch.float32)", "torch.float32"),
            },
        ),
    },
    run=_from_numpy,
    before=lambda start, end, convert: (f"array = np.arange({start}, {end})",),
    code=lambda start, end, convert: "torch.from_numpy(array)" + ("" if convert == "None" else f".type({convert})"),
    planned=_count,
    origins=lambda start, end, convert, result: {"array": numbered(result).reshape(-1, 1)},
    note=_dtype_note,
)


def _to_numpy(a: torch.Tensor, detach: bool, place: str) -> torch.Tensor:
    tensor = a.detach() if detach else a
    # Wrap the array in a tensor with the same memory, because the charts draw tensors.
    return torch.from_numpy(moved(tensor, place).numpy())


def _memory_note(a: torch.Tensor, detach: bool, place: str, result: torch.Tensor) -> Message:
    if place == "back":
        return Message(N_("From the GPU you get a copy: the array has its own memory."))
    return Message(N_("Both use the same memory: change a value in the array, and the tensor changes too."))


TO_NUMPY = Operation(
    id="numpy",
    section=SECTION,
    name=".numpy()",
    teaches=N_(
        "A NumPy array that shares the tensor's memory. NumPy runs on the CPU only and knows nothing about gradients."
    ),
    params={
        "a": Source(label=N_("Tensor"), help=N_("The tensor to look at as an array.")),
        "detach": Flag(
            torch=".detach",
            label=N_("Without gradients"),
            help=N_("Drop what PyTorch has recorded about the tensor first: .detach()."),
        ),
        "place": Pick(
            torch="device",
            label=N_("Device"),
            help=N_("On the GPU, NumPy can't reach the values."),
            default="cpu",
            options=PLACES,
        ),
    },
    run=_to_numpy,
    code=lambda a, detach, place: a + (".detach()" if detach == "True" else "") + place + ".numpy()",
    origins=lambda a, detach, place, result: {"a": numbered(a).reshape(-1, 1)},
    note=_memory_note,
    keeps=False,
    named="array",
    written="numpy",
)


OPERATIONS = (FROM_NUMPY, TO_NUMPY)

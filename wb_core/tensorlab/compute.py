"""Arithmetic: element-wise operations and the matrix product. Chapter 0, 19 to 22."""

import math
from collections.abc import Callable
from typing import Any

import torch

from ..base.fields import N_
from . import origins
from .limits import on_meta
from .operation import Formula, Operation, Origins
from .params import Pick, Scalar, Source
from .places import DEVICES

SECTION = "compute"
FIRST = Source(label=N_("Left"), help=N_("The tensor on the left side."))
SECOND = Source(label=N_("Right"), help=N_("The tensor on the right side."), default="B")
OTHER = Pick(
    label=N_("Combine with"),
    help=N_(
        "A number is combined with every cell. A tensor is combined cell by cell, stretched where its shape allows it."
    ),
    default="tensor",
    options={"tensor": (N_("a tensor"), "tensor"), "number": (N_("a number"), "number")},
)


def element_wise(
    id_: str, sign: str, shown: str, compute: Callable[[Any, Any], torch.Tensor], teaches: str
) -> Operation:
    """An operator between two tensors, or a tensor and a number: `sign` in code, `shown` on the screen."""

    def run(a: torch.Tensor, other: str, b: torch.Tensor, number: float) -> torch.Tensor:
        return compute(a, b if other == "tensor" else number)

    def planned(a: torch.Tensor, other: str, b: torch.Tensor, number: float) -> tuple[int, ...]:
        try:  # not on the "meta" device, for which an operator between tensors loads PyTorch's compiler
            shapes = (a.shape, b.shape) if other == "tensor" else (a.shape,)
            return tuple(torch.broadcast_shapes(*shapes))  # type: ignore[no-untyped-call]
        except RuntimeError:
            return ()  # the operator refuses it too, with the error that users should see

    def came_from(a: torch.Tensor, other: str, b: torch.Tensor, number: float, result: torch.Tensor) -> Origins:
        found = {"a": origins.broadcast(a, result.shape)}
        return found | ({"b": origins.broadcast(b, result.shape)} if other == "tensor" else {})

    return Operation(
        id=id_,
        section=SECTION,
        name=sign,
        teaches=teaches,
        params={
            "a": FIRST,
            "other": OTHER,
            "b": Source(label=SECOND.label, help=SECOND.help, default="B", when=("other", "tensor")),
            "number": Scalar(
                label=N_("Number"),
                help=N_("Is combined with every cell of the tensor."),
                default=10,
                when=("other", "number"),
            ),
        },
        run=run,
        code=lambda a, other, b, number: f"{a} {sign} {b if other == 'tensor' else number}",
        planned=planned,
        sign=shown,
        stretches=True,
        origins=came_from,
        formula=lambda a, other, b, number, result: (
            Formula(pair=f" {shown} ") if other == "tensor" else Formula(after=f" {shown} {number}")
        ),
    )


ADD = element_wise("add", "+", "+", lambda a, b: a + b, N_("Adds the matching cell, or one number, to each cell."))
SUB = element_wise(
    "sub", "-", "−", lambda a, b: a - b, N_("Subtracts the matching cell, or one number, from each cell.")
)
MUL = element_wise(
    "mul",
    "*",
    "×",
    lambda a, b: a * b,
    N_(
        "Multiplies each cell by the matching cell, or by one number. This isn't the matrix product; that's "
        "torch.matmul."
    ),
)
DIV = element_wise(
    "div",
    "/",
    "÷",
    lambda a, b: a / b,
    N_("Divides each cell by the matching cell, or by one number. The result has decimals."),
)

SPELLINGS = {"matmul": "torch.matmul", "mm": "torch.mm", "at": "@"}


def _product(a: torch.Tensor, b: torch.Tensor, spelling: str, transpose: str) -> torch.Tensor:
    a, b = turned(a, b, transpose)
    return torch.mm(a, b) if spelling == "mm" else torch.matmul(a, b)


def transposed(tensor: torch.Tensor) -> torch.Tensor:
    """`tensor.T` without PyTorch's warning for tensors that are not 2-D."""
    return tensor.T if tensor.ndim == 2 else tensor.permute(tuple(reversed(range(tensor.ndim))))


def turned(a: torch.Tensor, b: torch.Tensor, transpose: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Both operands, transposed as `transpose` says: "none", "a", "b" or "both"."""
    return (
        transposed(a) if transpose in ("a", "both") else a,
        transposed(b) if transpose in ("b", "both") else b,
    )


def _work(a: torch.Tensor, b: torch.Tensor, spelling: str, transpose: str) -> int:
    """The number of multiplications; 0 if the shapes do not match."""
    shape = on_meta(_product)(a=a, b=b, spelling=spelling, transpose=transpose)
    length = turned(a, b, transpose)[0].shape[-1:]
    return math.prod([*shape, *length]) if shape or (a.ndim, b.ndim) == (1, 1) else 0


def _product_code(a: str, b: str, spelling: str, transpose: str) -> str:
    a, b = a + (".T" if transpose in ("a", "both") else ""), b + (".T" if transpose in ("b", "both") else "")
    return f"{a} @ {b}" if spelling == "@" else f"{spelling}({a}, {b})"


def _came_from(a: torch.Tensor, b: torch.Tensor, spelling: str, transpose: str, result: torch.Tensor) -> Origins:
    rows, columns = origins.product(*turned(a, b, transpose))
    # Map the cells of the transposed operands back to the tensors on the shelf.
    at_a, at_b = turned(origins.numbered(a), origins.numbered(b), transpose)
    return {"a": at_a.reshape(-1)[rows], "b": at_b.reshape(-1)[columns]}


MATMUL = Operation(
    id="matmul",
    section=SECTION,
    name="torch.matmul",
    teaches=N_(
        "The matrix product: each cell is a row of the first times a column of the second, added up. So the inner "
        "sizes must be equal, and the outer ones give the shape of the result."
    ),
    params={
        "a": FIRST,
        "b": SECOND,
        "spelling": Pick(
            label=N_("Written as"),
            help=N_("Three ways to write the same product. mm only takes tensors with two dimensions."),
            default="matmul",
            options={id_: (name, name) for id_, name in SPELLINGS.items()},
        ),
        "transpose": Pick(
            torch=".T",
            label=N_("Transpose"),
            help=N_("Swap rows and columns first (transpose) so the inner sizes match."),
            default="none",
            options={
                "none": (N_("nothing"), "none"),
                "a": (N_("the first"), "a"),
                "b": (N_("the second"), "b"),
                "both": (N_("both"), "both"),
            },
        ),
    },
    run=_product,
    code=_product_code,
    planned=on_meta(_product),
    work=_work,
    sign="@",
    origins=_came_from,
    formula=lambda **_: Formula(pair=" · ", join=" + "),
)

OPERATIONS = (ADD, SUB, MUL, DIV, MATMUL, DEVICES)

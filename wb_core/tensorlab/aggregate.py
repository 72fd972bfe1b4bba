"""Aggregations: sum, mean, min, max, argmin and argmax. Chapter 0, 23 to 26."""

import torch

from ..base.fields import N_
from . import origins
from .dtypes import dtype_of
from .operation import Formula, Operation, Origins, unless
from .params import Dim, Pick, Source

SECTION = "aggregate"
CONVERT = Pick(
    torch=".type",
    label=N_("Convert first"),
    help=N_("Convert the numbers first: a mean needs decimal numbers."),
    default="none",
    options={
        "none": (N_("unchanged"), "None"),
        "float32": ("float32", "torch.float32"),
        "int64": ("int64", "torch.int64"),
    },
)
DIM = Dim(
    torch="dim",
    label=N_("Dimension"),
    help=N_(
        "The dimension that disappears: 0 goes down the rows, 1 across the columns. None takes everything at once."
    ),
    default=None,
    optional=True,
    none=N_("none: all numbers"),
)
WINNERS = ("min", "max", "argmin", "argmax")


def _converted(a: torch.Tensor, convert: str) -> torch.Tensor:
    dtype = dtype_of(convert)
    return a if dtype is None else a.type(dtype)


def _aggregate(name: str, teaches: str, formula: Formula) -> Operation:
    def run(a: torch.Tensor, dim: int | None, convert: str) -> torch.Tensor:
        function = getattr(_converted(a, convert), name)
        result = function() if dim is None else function(dim=dim)
        # With a dimension, min and max return values and indices.
        found: torch.Tensor = result.values if name in ("min", "max") and dim is not None else result
        return found

    def came_from(a: torch.Tensor, dim: int | None, convert: str, result: torch.Tensor) -> Origins:
        cells = origins.along(a, dim)
        if name not in WINNERS:
            return {"a": cells}
        numbers = _converted(a, convert).detach().reshape(-1)[cells]
        numbers = numbers.type(torch.uint8) if numbers.dtype == torch.bool else numbers
        # Ties: argmin and argmax themselves say which cell won; for min and max, take the one that PyTorch picks.
        first = numbers.argmax(dim=1) if name == "max" else numbers.argmin(dim=1) if name == "min" else result
        return {"a": cells, "won": cells.gather(1, first.reshape(-1, 1))}

    def code(a: str, dim: str, convert: str) -> str:
        before = a if convert == "None" else f"{a}.type({convert})"
        after = ".values" if name in ("min", "max") and dim != "None" else ""
        given = unless(dim, "None")
        return f"{before}.{name}({f'dim={given}' if given else ''}){after}"

    return Operation(
        id=name,
        section=SECTION,
        name=name,
        teaches=teaches,
        params={
            "a": Source(label=N_("Tensor"), help=N_("The tensor to combine.")),
            "dim": DIM,
            "convert": CONVERT,
        },
        run=run,
        code=code,
        origins=came_from,
        formula=lambda convert, **_: formula if convert == "none" else Formula(plain=True),
    )


def _of(name: str) -> Formula:
    return Formula(before=f"{name}(", after=")")


OPERATIONS: tuple[Operation, ...] = (
    _aggregate("sum", N_("The sum of all the numbers."), Formula(join=" + ")),
    _aggregate(
        "mean",
        N_("The average: the sum divided by the count. It needs decimal numbers."),
        Formula(before="(", join=" + ", after=") / {n}"),
    ),
    _aggregate("min", N_("The smallest number."), _of("min")),
    _aggregate("max", N_("The largest number."), _of("max")),
    _aggregate("argmin", N_("Where the smallest number is: its position, counted from 0."), _of("argmin")),
    _aggregate(
        "argmax",
        N_("Where the largest number is. This is how an image classifier gives its class."),
        _of("argmax"),
    ),
)

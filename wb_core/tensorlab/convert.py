"""Casts between dtypes, and which values they change. Chapter 0, the first lines and 28."""

import torch

from ..base.fields import N_
from .dtypes import DTYPES, OPTIONS
from .operation import Formula, Message, Operation
from .origins import numbered
from .params import Pick, Source

SECTION = "types"


def lost(before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
    """Which values a cast changed: bool, with the shape of both tensors. NaN that stays NaN is unchanged.

    Casts `after` back instead of comparing as float64, which cannot represent every int64 beyond 2**53.
    """
    back = after.to(before.dtype)
    same = (back == before) | ((back != back) & (before != before))
    if after.dtype == torch.bool:
        same &= (before == 0) | (before == 1)
    if before.dtype == torch.int64 and after.is_floating_point():
        # The largest int64 rounds up to 2**63, and casting that back is undefined.
        same &= after.double() < 2.0**63
    return ~same


def _conversion_note(a: torch.Tensor, dtype: str, result: torch.Tensor) -> Message:
    count = int(lost(a.detach(), result.detach()).sum())
    values = {
        "lost": f"{count:,}",
        "count": f"{a.numel():,}",
        "before": f"{a.nbytes:,}",
        "after": f"{result.nbytes:,}",
    }
    if count:
        return Message(
            N_("{lost} of {count} values changed. Memory: {before} bytes before, {after} bytes after."), values
        )
    return Message(N_("No values changed. Memory: {before} bytes before, {after} bytes after."), values)


TYPE = Operation(
    id="type",
    section=SECTION,
    name=".type",
    teaches=N_(
        "The same numbers as another type. Fewer bytes mean fewer digits; whole numbers lose everything after the "
        "decimal point."
    ),
    params={
        "a": Source(label=N_("Tensor"), help=N_("The tensor to convert.")),
        "dtype": Pick(
            torch="dtype",
            label=N_("Type"),
            help=N_("float16 has about 3 digits, float32 about 7, float64 about 16; bool is True for all but 0."),
            default="float16",
            options={name: OPTIONS[name] for name in DTYPES},
        ),
    },
    run=lambda a, dtype: a.type(DTYPES[dtype]),
    code=lambda a, dtype: f"{a}.type({dtype})",
    origins=lambda a, dtype, result: {"a": numbered(a).reshape(-1, 1)},
    formula=lambda **_: Formula(then=" → "),
    note=_conversion_note,
)

OPERATIONS = (TYPE,)

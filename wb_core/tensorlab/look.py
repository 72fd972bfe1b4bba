"""Inspects a tensor: values, shape, dtype and device. Chapter 0, 18."""

from ..base.fields import N_
from .operation import Operation
from .origins import numbered
from .params import Source

SECTION = "look"

LOOK = Operation(
    id="look",
    section=SECTION,
    name=N_("Look at it"),
    teaches=N_("Three questions help with nearly every error: which shape, which type (dtype), which device?"),
    params={"a": Source(label=N_("Tensor"), help=N_("The tensor to look at."))},
    run=lambda a: a,
    code=lambda a: f"{a}.shape, {a}.ndim, {a}.dtype, {a}.device",
    origins=lambda a, result: {"a": numbered(a).reshape(-1, 1)},
    keeps=False,
    written="",
)

OPERATIONS = (LOOK,)

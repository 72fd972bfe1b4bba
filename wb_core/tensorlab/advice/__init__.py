"""Explains PyTorch's errors: which dimensions, dtypes or devices clash, and how to fix it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ...base.errors import TensorError, WorkbenchError
from ..operation import Call
from ..outcome import Outcome
from ..shelf import Shelf
from . import dims, making, places, products, shapes, silent, types
from .parts import Advice, Fix, Values

__all__ = ["Advice", "Fix", "advise", "warning"]

Family = Callable[[Call, Values], Advice | None]

FAMILIES: Mapping[str, tuple[Family, ...]] = {
    "tensor": (making.ragged, making.no_gradient, making.does_not_fit),
    "rand": (making.negative, making.whole_numbers),
    "randint": (making.negative, making.upside_down, making.beyond_the_type),
    "zeros": (making.negative, making.no_gradient),
    "ones": (making.negative, making.no_gradient),
    "image": (making.negative,),
    "seeds": (making.negative,),
    "arange": (making.no_step, making.no_whole_step, making.wrong_way, making.no_bools),
    **dict.fromkeys(("add", "sub", "mul", "div"), (shapes.broadcasting, types.two_bools)),
    "matmul": (products.single_number, products.two_dims_only, products.inner, products.outer, types.of_a_product),
    **dict.fromkeys(("sum", "mean", "min", "max", "argmin", "argmax"), (dims.beyond, types.to_aggregate, shapes.empty)),
    "reshape": (shapes.ambiguous, shapes.count, shapes.two_unknown),
    "view": (shapes.ambiguous, shapes.count, shapes.two_unknown, shapes.not_in_order),
    "stack": (shapes.unequal, dims.beyond),
    "cat": (shapes.single_number, dims.beyond, shapes.unequal_to_join),
    "squeeze": (dims.beyond,),
    "unsqueeze": (dims.beyond,),
    "permute": (dims.not_an_order,),
    "flip": (dims.not_to_flip,),
    "index": (dims.too_many, dims.outside, dims.no_forward_step, dims.backwards),
    "numpy": (places.elsewhere, places.needs_gradient),
    "devices": (shapes.broadcasting, places.two_devices),
}
"""The advice to try for each operation, in order. Without advice, the page shows PyTorch's message."""

WARNINGS: Mapping[str, tuple[Family, ...]] = {
    **dict.fromkeys(("add", "sub", "mul", "div", "devices"), (silent.every_pair,)),
    **dict.fromkeys(("reshape", "view"), (silent.scrambled,)),
    "t": (silent.not_a_table,),
    "matmul": (silent.factor_not_a_table, silent.every_table),
}
"""The advice on calls that run, but rarely as they were meant."""

INDEX_ERROR_ADVICE = (dims.beyond, dims.too_many, dims.outside)
"""The advice for errors that PyTorch raises as `IndexError`."""


def advise(error: WorkbenchError, call: Call, shelf: Shelf) -> Advice | None:
    """The advice for the error of a call on this shelf, or None if no advice matches.

    Contains only fixes that were tried and work.
    """
    if not isinstance(error, TensorError) or error.code != "tensor.refused":
        return None
    values = shelf.values(call)
    for family in FAMILIES.get(call.operation.id, ()):
        if family in INDEX_ERROR_ADVICE and error.values["error"] != "IndexError":
            continue  # PyTorch found another problem first
        found = family(call, values)
        if found is not None:
            return _with_tried_fixes(found, shelf)
    return None


def warning(outcome: Outcome, shelf: Shelf) -> Advice | None:
    """The advice on a call that ran on this shelf, but rarely as it was meant; None for all others."""
    for family in WARNINGS.get(outcome.call.operation.id, ()):
        found = family(outcome.call, outcome.values)
        if found is not None:
            return _with_tried_fixes(found, shelf)
    return None


def _with_tried_fixes(found: Advice, shelf: Shelf) -> Advice:
    works = {fix.code: fix for fix in found.fixes if _works(fix, shelf)}  # without duplicate code
    return replace(found, fixes=tuple(works.values()))


def _works(fix: Fix, shelf: Shelf) -> bool:
    try:
        shelf.trial(fix.steps, fix.call)
    except WorkbenchError:
        return False
    return True

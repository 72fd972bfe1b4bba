"""Invalid values for creating tensors."""

import torch

from ...base.fields import N_
from ..digits import shortened
from ..dtypes import DTYPES, dtype_of
from ..literal import flat, shape_of
from ..operation import Call
from .parts import Advice, Fix, Values, instead, taught


def ragged(call: Call, values: Values) -> Advice | None:
    """The rows have different lengths."""
    rows = values["values"]
    if shape_of(rows) is not None:
        return None
    while inner := next((row for row in rows if isinstance(row, tuple) and shape_of(row) is None), None):
        rows = inner  # the uneven rows are nested deeper
    if not all(isinstance(row, tuple) for row in rows):
        return taught(
            N_("All rows of a tensor have the same length, so you can't mix lists and single numbers in one list.")
        )
    shapes = [shape_of(row) for row in rows]
    number = next(i for i, found in enumerate(shapes) if found != shapes[0])
    return taught(
        N_("A tensor has no gaps, but row {number} has the shape {found} and row 0 has {first}."),
        number=number,
        found=shapes[number],
        first=shapes[0],
    )


def no_gradient(call: Call, values: Values) -> Advice | None:
    """Only floating-point tensors can have gradients."""
    dtype = dtype_of(values["dtype"])
    if not values["requires_grad"] or (dtype is not None and dtype.is_floating_point):
        return None
    return taught(
        N_(
            "A gradient tells you what a tiny change would do. Whole numbers have no tiny changes, so use decimal "
            "numbers."
        ),
        fixes=[instead(call, dtype="float32"), instead(call, requires_grad=False)],
    )


def does_not_fit(call: Call, values: Values) -> Advice | None:
    """A number is too large for the dtype."""
    dtype = dtype_of(values["dtype"]) or torch.int64
    if dtype.is_floating_point:
        return None
    low, high = (0, 1) if dtype == torch.bool else (torch.iinfo(dtype).min, torch.iinfo(dtype).max)
    outside = [n for n in flat(values["values"]) if isinstance(n, int) and not low <= n <= high]
    if not outside:
        return None
    return taught(
        N_("{number} doesn't fit into {dtype}, which goes from {low} to {high}."),
        number=shortened(outside[0]),
        dtype=str(dtype).removeprefix("torch."),
        low=f"{low:,}",
        high=f"{high:,}",
        fixes=[instead(call, dtype="int64"), *(instead(call, dtype=name) for name in _wide_enough(outside))],
    )


def _wide_enough(numbers: list[int]) -> list[str]:
    """The floating-point dtypes in which all of these numbers are finite."""
    most = max(map(abs, numbers))
    return [name for name in ("float32", "float64") if most <= torch.finfo(DTYPES[name]).max]


def negative(call: Call, values: Values) -> Advice | None:
    """A size is negative."""
    name = "order" if "order" in values else "size"
    sizes = values[name]
    if min(sizes, default=0) >= 0:
        return None
    return taught(
        N_("A dimension can't have size {size}. Sizes are whole numbers from 0 up."),
        size=min(sizes),
        fixes=[_with_size(call, name, tuple(abs(size) for size in sizes))],
    )


def _with_size(call: Call, name: str, sizes: tuple[int, ...]) -> Fix | None:
    return instead(call, order=sizes) if name == "order" else instead(call, size=sizes)


def whole_numbers(call: Call, values: Values) -> Advice | None:
    """`torch.rand` needs a floating-point dtype."""
    dtype = dtype_of(values["dtype"])
    if dtype is None or dtype.is_floating_point:
        return None
    return taught(
        N_("rand draws numbers between 0 and 1, and {dtype} has none in between. For whole numbers use randint."),
        dtype=values["dtype"],
        fixes=[
            instead(call, dtype="float32"),
            instead(call, operation="randint", size=values["size"], dtype=values["dtype"], seed=values["seed"], high=2),
        ],
    )


def upside_down(call: Call, values: Values) -> Advice | None:
    """`low` is not below `high`."""
    low, high = values["low"], values["high"]
    if low < high:
        return None
    return taught(
        N_(
            "The lower limit is {low} and the upper limit {high}. All numbers must stay below the upper limit, so "
            "there's nothing to draw from."
        ),
        low=f"{low:,}",
        high=f"{high:,}",
        fixes=[instead(call, low=high, high=low) if low > high else instead(call, high=low + 1)],
    )


def beyond_the_type(call: Call, values: Values) -> Advice | None:
    """The range does not fit the dtype."""
    return taught(
        N_("Numbers from {low} to {last} don't all fit into {dtype}."),
        low=f"{values['low']:,}",
        last=f"{values['high'] - 1:,}",
        dtype=values["dtype"],
        fixes=[instead(call, dtype="none"), instead(call, low=0, high=2)],
    )


def no_step(call: Call, values: Values) -> Advice | None:
    """The step is 0."""
    if values["step"]:
        return None
    return taught(N_("The step can't be 0."), fixes=[instead(call, step=1), instead(call, step=-1)])


def wrong_way(call: Call, values: Values) -> Advice | None:
    """The step points away from the end."""
    if (values["end"] - values["start"]) * values["step"] >= 0:
        return None
    return taught(
        N_("From {start} to {end}, steps of {step} go the wrong way."),
        start=values["start"],
        end=values["end"],
        step=values["step"],
        fixes=[instead(call, step=-values["step"]), instead(call, start=values["end"], end=values["start"])],
    )


def no_whole_step(call: Call, values: Values) -> Advice | None:
    """A step below 1 becomes 0 in an integer dtype."""
    dtype = dtype_of(values["dtype"])
    if dtype is None or dtype.is_floating_point or dtype == torch.bool or int(values["step"]):
        return None
    return taught(
        N_("As {dtype}, a step of {step} becomes 0, and the step can't be 0."),
        dtype=values["dtype"],
        step=values["step"],
        fixes=[instead(call, dtype="none"), instead(call, step=1)],
    )


def no_bools(call: Call, values: Values) -> Advice | None:
    """`torch.arange` does not support bool."""
    if values["dtype"] != "bool":
        return None
    return taught(
        N_("{dtype} has no evenly spaced numbers."), dtype=values["dtype"], fixes=[instead(call, dtype="none")]
    )

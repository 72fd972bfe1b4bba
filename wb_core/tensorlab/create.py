"""Operations that create tensors: chapter 0, the first lines."""

import math
from typing import Any

import torch

from ..base.fields import N_
from ..base.seeding import generator
from .dtypes import dtype_of, dtype_param
from .limits import MAX_ELEMENTS
from .lists import Sizes, Values
from .operation import Message, Operation, call, unless
from .params import Flag, Scalar, Source, Whole

SECTION = "create"
HIGHEST = 10_000_000  # for randint; float32 represents all integers up to 2**24
SIZE = Sizes(
    torch="size",
    label=N_("Shape"),
    help=N_("How many values in each dimension, separated by commas: 3, 4 means 3 rows of 4."),
)
SEED = Whole(
    torch="manual_seed",
    label=N_("Seed"),
    help=N_(
        "Where random numbers start: the same seed gives the same numbers. Empty: no seed, new numbers every time."
    ),
    default=42,
    low=0,
    high=2**31 - 1,
    optional=True,
)
GRAD = Flag(
    torch="requires_grad",
    label=N_("Track gradients"),
    help=N_("Let PyTorch record what you compute with this tensor, to find gradients. Decimal numbers only."),
)
LIKE = Source(label=N_("Same shape as"), help=N_("The tensor whose shape and type you copy."))


def seeded(seed: str, **_: str) -> tuple[str, ...]:
    """The line above the code that sets the seed, if there is one."""
    return () if seed == "None" else (f"torch.manual_seed({seed})",)


def random_numbers(seed: int | None, rng_seed: int) -> torch.Generator:
    """The generator of an operation with an optional seed."""
    return generator(rng_seed if seed is None else seed)


def _size(size: tuple[int, ...], **_: Any) -> tuple[int, ...]:
    return size


def _shape_of_source(a: torch.Tensor, **_: Any) -> tuple[int, ...]:
    return tuple(a.shape)


def _as_lists(value: Any) -> Any:
    return [_as_lists(item) for item in value] if isinstance(value, tuple) else value


def _tensor_note(values: Any, dtype: str, requires_grad: bool, result: torch.Tensor) -> Message | None:
    if result.is_floating_point() and not bool(result.isfinite().all()):
        return Message(
            N_("Some of these numbers are too large for {dtype} and became inf (infinity)."),
            {"dtype": str(result.dtype).removeprefix("torch.")},
        )
    return _dtype_note(dtype, result)


def _dtype_note(dtype: str, result: torch.Tensor, **_: Any) -> Message | None:
    if dtype != "none":
        return None
    return Message(N_("`dtype=None`: PyTorch chose {dtype} here."), {"dtype": str(result.dtype)})


TENSOR = Operation(
    id="tensor",
    section=SECTION,
    name="torch.tensor",
    teaches=N_("A tensor holds numbers in rows and columns, or in more dimensions: one for each level of brackets."),
    params={
        "values": Values(
            torch="data",
            label=N_("Numbers"),
            help=N_("A list of numbers. A list of lists makes rows: [[1, 2], [3, 4]]."),
        ),
        "dtype": dtype_param(),
        "requires_grad": GRAD,
    },
    run=lambda values, dtype, requires_grad: torch.tensor(
        _as_lists(values), dtype=dtype_of(dtype), requires_grad=requires_grad
    ),
    code=lambda values, dtype, requires_grad: call("torch.tensor", values, dtype=dtype, requires_grad=requires_grad),
    note=_tensor_note,
)

RAND = Operation(
    id="rand",
    section=SECTION,
    name="torch.rand",
    teaches=N_("Random numbers between 0 and 1. Models start from random numbers, then correct them."),
    params={"size": SIZE, "dtype": dtype_param(), "requires_grad": GRAD, "seed": SEED},
    run=lambda size, dtype, requires_grad, seed, rng_seed: torch.rand(
        size, dtype=dtype_of(dtype), requires_grad=requires_grad, generator=random_numbers(seed, rng_seed)
    ),
    is_random=True,
    code=lambda size, dtype, requires_grad, seed: call(
        "torch.rand", size=size, dtype=unless(dtype, "None"), requires_grad=unless(requires_grad, "False")
    ),
    before=seeded,
    planned=_size,
    note=_dtype_note,
)

RANDINT = Operation(
    id="randint",
    section=SECTION,
    name="torch.randint",
    teaches=N_("Random whole numbers from the lower limit up to just below the upper limit."),
    params={
        "low": Whole(
            torch="low",
            label=N_("Lower limit"),
            help=N_("The smallest number you can get."),
            default=0,
            low=-HIGHEST,
            high=HIGHEST,
        ),
        "high": Whole(
            torch="high",
            label=N_("Upper limit"),
            help=N_("All numbers stay below this one."),
            default=10,
            low=-HIGHEST,
            high=HIGHEST,
        ),
        "size": SIZE,
        "dtype": dtype_param(without=("float16",)),  # float16 cannot represent all integers up to HIGHEST
        "seed": SEED,
    },
    run=lambda low, high, size, dtype, seed, rng_seed: torch.randint(
        low, high, size, dtype=dtype_of(dtype), generator=random_numbers(seed, rng_seed)
    ),
    is_random=True,
    code=lambda low, high, size, dtype, seed: call(
        "torch.randint", low=low, high=high, size=size, dtype=unless(dtype, "None")
    ),
    before=seeded,
    planned=_size,
    note=_dtype_note,
)

ZEROS = Operation(
    id="zeros",
    section=SECTION,
    name="torch.zeros",
    teaches=N_("All zeros: a starting point, or a mask that hides whatever you multiply it with."),
    params={"size": SIZE, "dtype": dtype_param(), "requires_grad": GRAD},
    run=lambda size, dtype, requires_grad: torch.zeros(size, dtype=dtype_of(dtype), requires_grad=requires_grad),
    code=lambda size, dtype, requires_grad: call(
        "torch.zeros", size=size, dtype=unless(dtype, "None"), requires_grad=unless(requires_grad, "False")
    ),
    planned=_size,
    note=_dtype_note,
)

ONES = Operation(
    id="ones",
    section=SECTION,
    name="torch.ones",
    teaches=N_("All ones, of type float32 unless you ask for another."),
    params={"size": SIZE, "dtype": dtype_param(), "requires_grad": GRAD},
    run=lambda size, dtype, requires_grad: torch.ones(size, dtype=dtype_of(dtype), requires_grad=requires_grad),
    code=lambda size, dtype, requires_grad: call(
        "torch.ones", size=size, dtype=unless(dtype, "None"), requires_grad=unless(requires_grad, "False")
    ),
    planned=_size,
    note=_dtype_note,
)


def _count(start: float, end: float, step: float, **_: Any) -> tuple[int, ...]:
    steps = (end - start) / step if step else 0
    return (max(0, math.ceil(steps)) if math.isfinite(steps) else MAX_ELEMENTS + 1,)


ARANGE = Operation(
    id="arange",
    section=SECTION,
    name="torch.arange",
    teaches=N_("Evenly spaced numbers, from the start up to just before the end."),
    params={
        "start": Scalar(torch="start", label=N_("Start"), help=N_("The first number."), default=0),
        "end": Scalar(
            torch="end", label=N_("End"), help=N_("Where it stops. This number itself isn't included."), default=10
        ),
        "step": Scalar(
            torch="step", label=N_("Step size"), help=N_("The distance from one number to the next."), default=1
        ),
        "dtype": dtype_param(),
    },
    run=lambda start, end, step, dtype: torch.arange(start, end, step, dtype=dtype_of(dtype)),
    code=lambda start, end, step, dtype: call(
        "torch.arange", start=start, end=end, step=step, dtype=unless(dtype, "None")
    ),
    planned=_count,
    note=_dtype_note,
)

ZEROS_LIKE = Operation(
    id="zeros-like",
    section=SECTION,
    name="torch.zeros_like",
    teaches=N_("Zeros, with the shape and type of an existing tensor."),
    params={"a": LIKE, "dtype": dtype_param(none=N_("None: same as the other one"))},
    run=lambda a, dtype: torch.zeros_like(a, dtype=dtype_of(dtype)),
    code=lambda a, dtype: call("torch.zeros_like", input=a, dtype=unless(dtype, "None")),
    planned=_shape_of_source,
)

ONES_LIKE = Operation(
    id="ones-like",
    section=SECTION,
    name="torch.ones_like",
    teaches=N_("Ones, with the shape and type of an existing tensor."),
    params={"a": LIKE, "dtype": dtype_param(none=N_("None: same as the other one"))},
    run=lambda a, dtype: torch.ones_like(a, dtype=dtype_of(dtype)),
    code=lambda a, dtype: call("torch.ones_like", input=a, dtype=unless(dtype, "None")),
    planned=_shape_of_source,
)

OPERATIONS = (TENSOR, RAND, RANDINT, ZEROS, ONES, ARANGE, ZEROS_LIKE, ONES_LIKE)

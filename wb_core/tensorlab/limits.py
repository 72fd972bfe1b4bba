"""How large a tensor of the lab may be, asked before anything is allocated."""

import math
from collections.abc import Sequence

from ..errors import TensorError

MOST_ELEMENTS = 1_000_000
MOST_DIMS = 6
MOST_MULTIPLICATIONS = 100_000_000


def check_size(shape: Sequence[int]) -> None:
    """Raise `TensorError` when a tensor of this shape would be too large for the lab.

    Sizes below 0 are left to PyTorch, which has its own word on them.
    """
    if len(shape) > MOST_DIMS:
        raise TensorError(
            "tensor.too_many_dims",
            f"a tensor of the lab has at most {MOST_DIMS} dimensions, and this shape has {len(shape)}",
            dims=len(shape),
            most=MOST_DIMS,
        )
    elements = math.prod(shape)
    # With a size of 0 there are no elements, but PyTorch still has to count in steps of the others.
    if elements > MOST_ELEMENTS or any(size > MOST_ELEMENTS for size in shape):
        product = " × ".join(map(_written, shape))
        arithmetic = f"{product} = {_written(elements)}" if len(shape) > 1 else product
        raise TensorError(
            "tensor.too_large",
            f"{arithmetic} elements, and a tensor of the lab has at most {MOST_ELEMENTS:,}",
            arithmetic=arithmetic,
            most=f"{MOST_ELEMENTS:,}",
        )


def check_work(multiplications: int, arithmetic: str) -> None:
    """Raise `TensorError` when a matrix product would keep everybody else on the server waiting."""
    if multiplications > MOST_MULTIPLICATIONS:
        raise TensorError(
            "tensor.too_much_work",
            f"{arithmetic} multiplications, and the lab makes at most {MOST_MULTIPLICATIONS:,} at once",
            arithmetic=f"{arithmetic} = {multiplications:,}",
            most=f"{MOST_MULTIPLICATIONS:,}",
        )


def _written(number: int) -> str:
    """A number in groups of three digits, or how many digits it has where nobody would count them."""
    return f"{number:,}" if abs(number) < 10**15 else f"10^{len(str(abs(number))) - 1}"

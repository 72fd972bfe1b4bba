"""How large a tensor of the lab may be, asked before anything is allocated."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch

from ..base.errors import TensorError
from .digits import shortened

MAX_ELEMENTS = 1_000_000
MAX_DIMS = 6
MAX_MULTIPLICATIONS = 200_000_000
"""In all matrix products of a shelf: it is run again after every change."""


def check_size(shape: Sequence[int]) -> None:
    """Raise `TensorError` when a tensor of this shape would be too large for the lab.

    Sizes below 0 are left to PyTorch, which has its own word on them.
    """
    if len(shape) > MAX_DIMS:
        raise TensorError(
            "tensor.too_many_dims",
            f"a tensor of the lab has at most {MAX_DIMS} dimensions, and this shape has {len(shape)}",
            dims=len(shape),
            most=MAX_DIMS,
        )
    elements = math.prod(shape)
    # With a size of 0 there are no elements, but PyTorch still has to count in steps of the others.
    if elements > MAX_ELEMENTS or any(size > MAX_ELEMENTS for size in shape):
        product = " × ".join(map(_written, shape))
        arithmetic = f"{product} = {_written(elements)}" if len(shape) > 1 else product
        raise TensorError(
            "tensor.too_large",
            f"{arithmetic} elements, and a tensor of the lab has at most {MAX_ELEMENTS:,}",
            arithmetic=arithmetic,
            most=f"{MAX_ELEMENTS:,}",
        )


def check_work(multiplications: int) -> None:
    """Raise `TensorError` when the matrix products of a shelf would keep everybody else on the server waiting."""
    if multiplications > MAX_MULTIPLICATIONS:
        raise TensorError(
            "tensor.too_much_work",
            f"{multiplications:,} multiplications, and a shelf of the lab makes at most {MAX_MULTIPLICATIONS:,}",
            count=f"{multiplications:,}",
            most=f"{MAX_MULTIPLICATIONS:,}",
        )


def on_meta(run: Callable[..., torch.Tensor]) -> Callable[..., tuple[int, ...]]:
    """The shape that `run` would give, asked on PyTorch's "meta" device, where tensors have a shape and no numbers."""

    def planned(**values: Any) -> tuple[int, ...]:
        try:
            return tuple(run(**{name: _shadow(value) for name, value in values.items()}).shape)
        except (RuntimeError, IndexError, TypeError, ValueError):
            return ()  # it will be refused on the real device too, in the words that people meet there

    return planned


def _shadow(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device="meta")
    return tuple(map(_shadow, value)) if isinstance(value, tuple) else value


def _written(number: int) -> str:
    """A number in groups of three digits, or its number of digits if it is very long."""
    return f"{number:,}" if abs(number) < 10**15 else shortened(number)

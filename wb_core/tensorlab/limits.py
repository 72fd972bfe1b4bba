"""Size limits of the lab, checked before anything is allocated."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch

from ..base.errors import TensorError
from .digits import shortened

MAX_ELEMENTS = 1_000_000
MAX_DIMS = 6
MAX_MULTIPLICATIONS = 200_000_000
"""In all matrix products of a shelf, because every change runs them again."""


def check_size(shape: Sequence[int], most: int = MAX_ELEMENTS) -> None:
    """Raise `TensorError` if a tensor of this shape is too large for the lab, which allows `most` elements.

    Accepts negative sizes, so that PyTorch's own error is shown.
    """
    if len(shape) > MAX_DIMS:
        raise TensorError(
            "tensor.too_many_dims",
            f"a tensor of the lab has at most {MAX_DIMS} dimensions, and this shape has {len(shape)}",
            dims=len(shape),
            most=MAX_DIMS,
        )
    elements = math.prod(shape)
    # Even without elements (a size of 0), PyTorch computes strides from the other sizes, which can overflow.
    if elements > most or any(size > most for size in shape):
        product = " × ".join(map(_written, shape))
        arithmetic = f"{product} = {_written(elements)}" if len(shape) > 1 else product
        raise TensorError(
            "tensor.too_large",
            f"{arithmetic} elements, and a tensor here has at most {most:,}",
            arithmetic=arithmetic,
            most=f"{most:,}",
        )


def check_work(multiplications: int) -> None:
    """Raise `TensorError` if the matrix products of a shelf need too many multiplications for a shared server."""
    if multiplications > MAX_MULTIPLICATIONS:
        raise TensorError(
            "tensor.too_much_work",
            f"{multiplications:,} multiplications, and a shelf of the lab makes at most {MAX_MULTIPLICATIONS:,}",
            count=f"{multiplications:,}",
            most=f"{MAX_MULTIPLICATIONS:,}",
        )


def on_meta(run: Callable[..., torch.Tensor]) -> Callable[..., tuple[int, ...]]:
    """A function that gives the shape of `run`'s result, using PyTorch's "meta" device: shapes without data."""

    def planned(**values: Any) -> tuple[int, ...]:
        try:
            return tuple(run(**{name: _on_meta_device(value) for name, value in values.items()}).shape)
        except (RuntimeError, IndexError, TypeError, ValueError):
            return ()  # the real device refuses it too, with the error that users should see

    return planned


def _on_meta_device(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device="meta")
    return tuple(map(_on_meta_device, value)) if isinstance(value, tuple) else value


def _written(number: int) -> str:
    """A number with thousands separators, or shortened if it is very long."""
    return f"{number:,}" if abs(number) < 10**15 else shortened(number)

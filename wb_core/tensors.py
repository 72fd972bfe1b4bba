"""What PyTorch knows about a tensor, as plain data."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class TensorInfo:
    """The metadata of a tensor: sizes in elements, `itemsize` and `nbytes` in bytes, types as PyTorch prints them."""

    shape: tuple[int, ...]
    ndim: int
    dtype: str
    device: str
    requires_grad: bool
    is_leaf: bool
    numel: int
    itemsize: int
    nbytes: int
    stride: tuple[int, ...]
    storage_offset: int
    is_contiguous: bool
    grad_fn: str | None


def describe(tensor: torch.Tensor) -> TensorInfo:
    """The metadata of a strided tensor; its values are neither read nor moved."""
    return TensorInfo(
        shape=tuple(tensor.shape),
        ndim=tensor.ndim,
        dtype=str(tensor.dtype),
        device=str(tensor.device),
        requires_grad=tensor.requires_grad,
        is_leaf=tensor.is_leaf,
        numel=tensor.numel(),
        itemsize=tensor.itemsize,
        nbytes=tensor.nbytes,
        stride=tensor.stride(),
        storage_offset=int(tensor.storage_offset()),
        is_contiguous=tensor.is_contiguous(),
        grad_fn=type(tensor.grad_fn).__name__ if tensor.grad_fn is not None else None,
    )

"""What PyTorch knows about a tensor, as plain data."""

import math
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
    """The metadata of a strided tensor. Its values are neither read nor moved."""
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


def shares_memory(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether writing into a cell of one of two strided tensors changes a cell of the other.

    Two rows of one table lie in the same storage but share no cell. Tensors on the "meta" device have no memory.
    """
    if a.device != b.device or a.device.type == "meta" or not a.numel() or not b.numel():
        return False
    mine, theirs = _span(a), _span(b)
    if mine[1] < theirs[0] or theirs[1] < mine[0]:
        return False
    for tensor, span, other in ((a, mine, theirs), (b, theirs, mine)):
        # Its cells cover every byte of its span, so the other tensor's first or last cell lies on one of them.
        if _dense(tensor, span) and (span[0] <= other[0] <= span[1] or span[0] <= other[1] <= span[1]):
            return True
    aligned = a.itemsize == b.itemsize and (mine[0] - theirs[0]) % a.itemsize == 0
    return bool(torch.isin(_addresses(a, aligned), _addresses(b, aligned)).any())


def positions(tensor: torch.Tensor) -> torch.Tensor:
    """The offset in its storage of each cell of a strided tensor, in cells: the same shape, int64, on the CPU."""
    places = torch.tensor(tensor.storage_offset())
    for dim, (size, stride) in enumerate(zip(tensor.shape, tensor.stride(), strict=True)):
        along = torch.arange(size) * stride
        places = places + along.reshape(-1, *[1] * (tensor.ndim - dim - 1))
    return places.expand(tensor.shape)


def _span(tensor: torch.Tensor) -> tuple[int, int]:
    """The addresses of the first and the last byte of the tensor's cells; PyTorch's strides are never negative."""
    first = tensor.data_ptr()
    steps = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride(), strict=True))
    return first, first + (steps + 1) * tensor.itemsize - 1


def _dense(tensor: torch.Tensor, span: tuple[int, int]) -> bool:
    """Whether the tensor's cells cover every byte of its span."""
    cells = [size for size, stride in zip(tensor.shape, tensor.stride(), strict=True) if stride]
    return math.prod(cells) * tensor.itemsize == span[1] - span[0] + 1


def _addresses(tensor: torch.Tensor, aligned: bool) -> torch.Tensor:
    """The address of every byte of every cell, or of each cell's first byte if `aligned`; a stride of 0 adds none.

    Comparing storages is not enough: a part of a NumPy array becomes a storage of its own.
    """
    start = tensor.untyped_storage().data_ptr()
    for dim in [dim for dim, stride in enumerate(tensor.stride()) if stride == 0]:
        tensor = tensor.narrow(dim, 0, 1)
    first = start + positions(tensor).reshape(-1, 1) * tensor.itemsize
    return (first if aligned else first + torch.arange(tensor.itemsize)).reshape(-1)

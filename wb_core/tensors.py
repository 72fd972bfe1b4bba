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


def shares_memory(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether writing into a cell of one of two strided tensors changes a cell of the other.

    Two rows of one table lie in the same storage and share nothing. Tensors without numbers ("meta") share nothing.
    """
    if a.device != b.device or a.device.type == "meta" or not a.numel() or not b.numel():
        return False
    mine, theirs = _addresses(a), _addresses(b)
    if mine.max() < theirs.min() or theirs.max() < mine.min():
        return False
    return bool(torch.isin(mine, theirs).any())


def positions(tensor: torch.Tensor) -> torch.Tensor:
    """Where in its storage each cell of a strided tensor lies, counted in cells: the same shape, int64, on the CPU."""
    places = torch.tensor(tensor.storage_offset())
    for dim, (size, stride) in enumerate(zip(tensor.shape, tensor.stride(), strict=True)):
        along = torch.arange(size) * stride
        places = places + along.reshape(-1, *[1] * (tensor.ndim - dim - 1))
    return places.expand(tensor.shape)


def _addresses(tensor: torch.Tensor) -> torch.Tensor:
    """The address of every byte that a cell of the tensor lies on; a stride of 0 adds none.

    Not the storage itself tells: NumPy may hand on a part of one, which is a storage of its own then.
    """
    start = tensor.untyped_storage().data_ptr()
    for dim in [dim for dim, stride in enumerate(tensor.stride()) if stride == 0]:
        tensor = tensor.narrow(dim, 0, 1)
    return (start + positions(tensor).reshape(-1, 1) * tensor.itemsize + torch.arange(tensor.itemsize)).reshape(-1)

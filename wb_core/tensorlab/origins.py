"""Finds the source cells of each result cell, by applying the operation to tensors of cell numbers."""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch


def numbered(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor of the same shape in which each cell holds its flat index."""
    return torch.arange(tensor.numel()).reshape(tensor.shape)


def moved(operation: Callable[..., Any], source: torch.Tensor) -> torch.Tensor:
    """The source cell of each result cell, for an operation that only moves or copies: (result.numel(), 1)."""
    result: torch.Tensor = operation(numbered(source))
    return result.reshape(-1, 1)


def joined(operation: Callable[..., Any], sources: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """As `moved`, for operations on several sources such as stack: a (result.numel(), 1) each, -1 for other sources."""
    starts = [0]
    for source in sources:
        starts.append(starts[-1] + source.numel())
    result: torch.Tensor = operation([numbered(source) + start for source, start in zip(sources, starts, strict=False)])
    cells = result.reshape(-1, 1)
    return [torch.where((cells >= low) & (cells < high), cells - low, -1) for low, high in itertools.pairwise(starts)]


def broadcast(source: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    """The cells of a source that is broadcast to the shape of the result: (result.numel(), 1)."""
    return torch.broadcast_to(numbered(source), shape).reshape(-1, 1)


def product(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The row of `a` and the column of `b` for each cell of their matrix product, both (result.numel(), K)."""
    rows, columns = numbered(a), numbered(b)
    rows = rows.unsqueeze(0) if a.ndim == 1 else rows  # (..., N, K)
    columns = columns.unsqueeze(1) if b.ndim == 1 else columns  # (..., K, M)
    rows, columns = rows.unsqueeze(-2), columns.mT.unsqueeze(-3)  # (..., N, 1, K) and (..., 1, M, K)
    shape = np.broadcast_shapes(rows.shape, columns.shape)  # (..., N, M, K)
    count, length = math.prod(shape[:-1]), shape[-1]
    return (
        torch.broadcast_to(rows, shape).reshape(count, length),
        torch.broadcast_to(columns, shape).reshape(count, length),
    )


def along(source: torch.Tensor, dim: int | None) -> torch.Tensor:
    """The cells that an aggregation along `dim` combines into each cell of its result: (result.numel(), N)."""
    cells = numbered(source)
    if dim is None or source.ndim == 0:
        return cells.reshape(1, -1)
    last = cells.movedim(dim, -1)
    return last.reshape(math.prod(last.shape[:-1]), last.shape[-1])

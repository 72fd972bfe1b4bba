"""Which cells of the sources made which cell of a result, found by letting the operation itself move numbered cells."""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch


def numbered(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor of the same shape that holds each cell's flat position."""
    return torch.arange(tensor.numel()).reshape(tensor.shape)


def moved(operation: Callable[..., Any], source: torch.Tensor) -> torch.Tensor:
    """For an operation that only moves or copies cells: (result.numel(), 1)."""
    result: torch.Tensor = operation(numbered(source))
    return result.reshape(-1, 1)


def joined(operation: Callable[..., Any], sources: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """The same for several sources, as in stack and cat: one (result.numel(), 1) each, -1 where it had no part."""
    starts = [0]
    for source in sources:
        starts.append(starts[-1] + source.numel())
    result: torch.Tensor = operation([numbered(source) + start for source, start in zip(sources, starts, strict=False)])
    cells = result.reshape(-1, 1)
    return [torch.where((cells >= low) & (cells < high), cells - low, -1) for low, high in itertools.pairwise(starts)]


def broadcast(source: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    """For a source that is stretched to the shape of the result: (result.numel(), 1)."""
    return torch.broadcast_to(numbered(source), shape).reshape(-1, 1)


def product(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """For a matrix product: the row of `a` and the column of `b` behind each cell, both (result.numel(), K)."""
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
    """The cells that an aggregation along `dim` looks at for each cell of its result: (result.numel(), N)."""
    cells = numbered(source)
    if dim is None or source.ndim == 0:
        return cells.reshape(1, -1)
    last = cells.movedim(dim, -1)
    return last.reshape(math.prod(last.shape[:-1]), last.shape[-1])

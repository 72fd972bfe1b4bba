"""Batches of images in the order of a DataLoader."""

from collections.abc import Iterator

import torch

from ...base.batch_order import BatchOrder
from .data import Pictures

CHUNK = 1024
"""This many images are converted at a time, so that they fit into the processor's cache."""


class Loader(BatchOrder):
    """A DataLoader replacement with its own generator."""

    def __init__(self, batch_size: int, device: torch.device, random: torch.Generator) -> None:
        super().__init__(random)
        self.batch_size = batch_size
        self.device = device

    def batches(
        self, pictures: Pictures, order: torch.Tensor | None = None, *, first: int = 0
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """The batches from number `first` on: X (batch_size, 1, 28, 28) and y (batch_size,), the last one smaller."""
        size = self.batch_size
        step = max(1, CHUNK // size) * size
        for start in range(first * size, len(pictures), step):
            which = slice(start, start + step) if order is None else order[start : start + step]
            X, y = pictures.floats(which).to(self.device), pictures.y[which].to(self.device)
            yield from zip(torch.split(X, size), torch.split(y, size), strict=True)

"""Batches in the order of `DataLoader(shuffle=True)` after `torch.manual_seed`."""

from collections.abc import Iterator

import torch

from ...base.seeding import generator
from .data import Pictures

CHUNK = 1024
"""This many images are converted at a time, so that they fit into the processor's cache."""


class Loader:
    """A DataLoader replacement with its own generator, which draws what DataLoaders draw from the global one."""

    def __init__(self, batch_size: int, device: torch.device, random: torch.Generator) -> None:
        self.batch_size = batch_size
        self.device = device
        self.random = random

    def shuffled(self, count: int) -> torch.Tensor:
        """The order of the training images in the next epoch: (count,)."""
        self.unshuffled()
        seed = int(torch.empty((), dtype=torch.int64).random_(generator=self.random).item())
        return torch.randperm(count, generator=generator(seed))

    def unshuffled(self) -> None:
        """Draw the number that a DataLoader draws for its workers at the start of each iteration."""
        torch.empty((), dtype=torch.int64).random_(generator=self.random)

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

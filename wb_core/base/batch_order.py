"""The order of batches as `DataLoader(shuffle=True)` has it after `torch.manual_seed`."""

import torch

from .seeding import generator


class BatchOrder:
    """Draws from a run's own generator what DataLoaders draw from the global one."""

    def __init__(self, random: torch.Generator) -> None:
        self.random = random

    def shuffled(self, count: int) -> torch.Tensor:
        """The order of the training data in the next epoch: (count,)."""
        self.unshuffled()
        seed = int(torch.empty((), dtype=torch.int64).random_(generator=self.random).item())
        return torch.randperm(count, generator=generator(seed))

    def unshuffled(self) -> None:
        """Draw the number that a DataLoader draws for its workers at the start of each iteration."""
        torch.empty((), dtype=torch.int64).random_(generator=self.random)

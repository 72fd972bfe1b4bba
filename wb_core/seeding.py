"""Randomness that belongs to one run.

`torch.manual_seed` is one switch for the whole process, and a server has many people on it. A run therefore draws from
a generator of its own, which gives the very numbers that plain PyTorch gives after `torch.manual_seed(seed)`.
"""

import torch


def generator(seed: int) -> torch.Generator:
    """A fresh CPU generator in the state that `torch.manual_seed(seed)` would put the global one into."""
    return torch.Generator().manual_seed(seed)

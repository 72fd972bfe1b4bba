"""Randomness that belongs to one run.

`torch.manual_seed` is one switch for the whole process, and a server has many people on it. A run therefore draws from
a generator of its own, which gives the very numbers that plain PyTorch gives after `torch.manual_seed(seed)`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_TURN = threading.Lock()


def generator(seed: int) -> torch.Generator:
    """A fresh CPU generator in the state that `torch.manual_seed(seed)` would put the global one into."""
    return torch.Generator().manual_seed(seed)


@contextmanager
def global_generators() -> Iterator[None]:
    """Lend torch's global generators to code that knows no other ones, and leave them as they were found.

    One borrower at a time: whoever uses them elsewhere must borrow them here too.
    """
    accelerators = range(torch.accelerator.device_count())  # `torch.manual_seed` seeds those as well
    with _TURN, torch.random.fork_rng(devices=accelerators):
        yield

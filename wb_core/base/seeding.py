"""Randomness that belongs to one run.

`torch.manual_seed` is one switch for the whole process, which a server's visitors share. So each run draws from its own
generator, which gives the same numbers as plain PyTorch after `torch.manual_seed(seed)`.
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
    """Run code that uses torch's global generators, and restore their state afterwards.

    One thread at a time. All code that uses the global generators must do so in this context.
    """
    accelerators = range(torch.accelerator.device_count())  # `torch.manual_seed` seeds those as well
    with _TURN, torch.random.fork_rng(devices=accelerators):
        yield

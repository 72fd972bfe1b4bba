"""The losses that a run can minimise. A new one is a line here and an option in the kind's `config.py`."""

from collections.abc import Callable

from torch import nn

LOSSES: dict[str, Callable[..., nn.Module]] = {
    "l1": nn.L1Loss,
    "mse": nn.MSELoss,
    "huber": nn.HuberLoss,
}
"""From the id in a config to the class of the loss."""

IMAGE_LOSSES: dict[str, Callable[..., nn.Module]] = {"cross_entropy": nn.CrossEntropyLoss}
"""The same for images: the loss takes logits (N, 10) and classes (N,)."""

"""The three image models. Each takes images (N, 1, 28, 28) and returns logits (N, 10), one for each class.

The layers have the names of a widely used PyTorch course, so that its checkpoints fit.
"""

from collections.abc import Callable

import torch
from torch import nn

from ...base.initial import filled

PIXELS = 28 * 28
CLASSES = 10


class LinearImages(nn.Module):
    """Two linear layers with nothing in between: `layer_stack.1` (hidden, 784) and `layer_stack.2` (10, hidden)."""

    def __init__(self, hidden_units: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        with torch.device("meta"):  # otherwise the layers would draw from the global generator
            stack = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, hidden_units), nn.Linear(hidden_units, CLASSES))
        self.layer_stack = filled(stack, generator)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.layer_stack(x)  # (N, 1, 28, 28) -> (N, 10)
        return logits


class ReluImages(nn.Module):
    """The same with a ReLU after each linear layer: `layer_stack.1` (hidden, 784) and `layer_stack.3` (10, hidden)."""

    def __init__(self, hidden_units: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        with torch.device("meta"):
            stack = nn.Sequential(
                nn.Flatten(),
                nn.Linear(PIXELS, hidden_units),
                nn.ReLU(),
                nn.Linear(hidden_units, CLASSES),
                nn.ReLU(),
            )
        self.layer_stack = filled(stack, generator)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.layer_stack(x)  # (N, 1, 28, 28) -> (N, 10)
        return logits


class TinyVGG(nn.Module):
    """A small convolutional network: two blocks of `hidden_units` channels, then a linear layer, `classifier.1`.

    Each block has two convolutions and halves the image: 28 by 28, 14 by 14, 7 by 7.
    """

    def __init__(self, hidden_units: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        with torch.device("meta"):
            block_1, block_2 = _block(1, hidden_units), _block(hidden_units, hidden_units)
            classifier = nn.Sequential(nn.Flatten(), nn.Linear(hidden_units * 7 * 7, CLASSES))
        self.block_1 = filled(block_1, generator)
        self.block_2 = filled(block_2, generator)
        self.classifier = filled(classifier, generator)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.block_1(x)  # (N, 1, 28, 28) -> (N, hidden, 14, 14)
        x = self.block_2(x)  # (N, hidden, 7, 7)
        logits: torch.Tensor = self.classifier(x)  # (N, 10)
        return logits


def _block(channels: int, hidden_units: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, hidden_units, kernel_size=3, stride=1, padding=1),
        nn.ReLU(),
        nn.Conv2d(hidden_units, hidden_units, kernel_size=3, stride=1, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=2, stride=2),
    )


IMAGE_MODELS: dict[str, Callable[[int, torch.Generator], nn.Module]] = {
    "linear": LinearImages,
    "relu": ReluImages,
    "tiny_vgg": TinyVGG,
}
"""From the id in a config to the model's class, which takes `hidden_units` and a generator."""

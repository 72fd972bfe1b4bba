"""The optimizers of many runs, with settings for each."""

from collections.abc import Sequence

import torch

from .config import PointsConfig

BETA_1, BETA_2, EPS = 0.9, 0.999, 1e-8
"""The defaults of `torch.optim.Adam`."""


class Sgd:
    """`torch.optim.SGD`, with settings for each run."""

    def __init__(self, configs: Sequence[PointsConfig]) -> None:
        self.down = -_column(configs, "lr")
        self.decay = _column(configs, "weight_decay")
        self.momentum = _column(configs, "momentum")
        self.decays = bool(self.decay.any())
        self.rolls = bool(self.momentum.any())
        self.moves: torch.Tensor | None = None

    def __call__(self, params: torch.Tensor, gradients: torch.Tensor) -> None:
        if self.decays:
            gradients = gradients.addcmul(params, self.decay)
        if self.rolls:
            if self.moves is None:
                self.moves = gradients.clone()
            else:
                self.moves.mul_(self.momentum).add_(gradients)
            gradients = self.moves
        params.addcmul_(gradients, self.down)


class Adam:
    """`torch.optim.Adam`, with settings for each run."""

    def __init__(self, configs: Sequence[PointsConfig]) -> None:
        self.lr = torch.tensor([[config.lr] for config in configs], dtype=torch.float64)
        self.decay = _column(configs, "weight_decay")
        self.decays = bool(self.decay.any())
        self.steps = 0
        self.means: torch.Tensor | None = None

    def __call__(self, params: torch.Tensor, gradients: torch.Tensor) -> None:
        if self.means is None:
            self.means, self.squares = torch.zeros_like(params), torch.zeros_like(params)
        if self.decays:
            gradients = gradients.addcmul(params, self.decay)
        self.steps += 1
        down = (-(self.lr / (1 - BETA_1**self.steps))).to(torch.float32)
        root = (1 - BETA_2**self.steps) ** 0.5
        self.means.lerp_(gradients, 1 - BETA_1)
        self.squares.mul_(BETA_2).addcmul_(gradients, gradients, value=1 - BETA_2)
        params.add_(self.means * down / (self.squares.sqrt() / root).add_(EPS))


def _column(configs: Sequence[PointsConfig], name: str) -> torch.Tensor:
    """A setting of every run: (R, 1) float32."""
    return torch.tensor([[getattr(config, name)] for config in configs], dtype=torch.float64).float()

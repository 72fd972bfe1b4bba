"""Many runs of a line as one batch: each run is an independent row in every tensor.

The numbers are the same bits as those of a `Run` of each config. An elementwise operation gives the same bits for any
number of elements if PyTorch takes the same code path: the parameters of a single run are scalars, for which PyTorch
uses scalar code and no vector code, and `_column` makes it use that code for a column of them. Sums go over the points
of one run, which are contiguous as in the run itself.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import torch
from torch import nn

from ...base.errors import ConfigError
from ...base.fields import applies
from ...base.losses import LOSSES
from ...base.seeding import generator
from .config import LinearConfig
from .data import LineData, line_data
from .models import MODELS

BETA_1, BETA_2, EPS = 0.9, 0.999, 1e-8
"""The defaults of `torch.optim.Adam`."""

CPU = torch.device("cpu")


def alike(config: LinearConfig) -> tuple[object, ...]:
    """The settings that configs in one batch must share, besides the number of epochs.

    Raises `ConfigError` for a config with a schedule ("sweep.schedule"): all runs of a batch keep their settings.
    """
    if config.schedule:
        raise ConfigError("sweep.schedule", field="schedule", given=config.schedule, allowed="no schedule")
    momentum = applies(config, "momentum") and config.momentum > 0
    return config.loss, config.optimizer, config.model, config.train_points, momentum


class Batch:
    """R runs with the same number of epochs, whose configs are `alike`.

    `record` (E, 6, R) float32 has the columns of a `History`, epoch by epoch. `starts` (R, 2) has weight and bias
    before the first epoch. A row whose numbers are no longer finite is invalid from there; other rows are unaffected.
    """

    def __init__(self, configs: Sequence[LinearConfig], data: Sequence[LineData] | None = None) -> None:
        """`data` has the points of each run, the same object for equal points; the default is to make them."""
        self.configs = configs
        first = self.first = configs[0]
        self.epochs = 0
        data = list(map(DataOf(), configs)) if data is None else data
        self.X_train, self.X_test = data[0].X_train.T.contiguous(), data[0].X_test.T.contiguous()  # (1, N)
        self.y_train, self.y_test = (
            _rows([getattr(one, part) for one in data]).expand(len(configs), -1) for part in ("y_train", "y_test")
        )  # (R, N)
        self.starts = torch.tensor(_all_starts(configs))  # (R, 2)
        self.weight, self.bias = (_column(self.starts[:, n : n + 1]).requires_grad_() for n in (0, 1))  # (R, 1)
        self.record = torch.empty(first.epochs, 6, len(configs))
        lr = torch.tensor([[config.lr] for config in configs], dtype=torch.float64)
        self._step = (_Adam if first.optimizer == "adam" else _Sgd)(lr, configs)
        self._ones = torch.ones(len(configs))
        self._loss_fn: nn.Module = LOSSES[first.loss](reduction="none")  # the mean is taken for each run

    @property
    def done(self) -> bool:
        """Whether all epochs ran."""
        return self.epochs == self.first.epochs

    def advance(self) -> None:
        """Train all runs for one epoch, and record it."""
        losses = self._losses(self.X_train, self.y_train)  # (R,)
        self.weight.grad = self.bias.grad = None
        torch.autograd.backward(losses, self._ones)  # each row's gradient depends on its own loss alone
        with torch.no_grad():
            self._step(self.weight, self.bias)
            params = self.weight, self.bias
            columns = *params, *(param.grad for param in params if param.grad is not None)
            numbers = losses, self._losses(self.X_test, self.y_test), *(column[:, 0] for column in columns)  # 6 x (R,)
            torch.stack(numbers, out=self.record[self.epochs])
        self.epochs += 1

    def _losses(self, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """The loss of each run on its own points: (R,)."""
        runs, points = len(self.configs), X.shape[1]
        if self.first.model == "linear":  # a layer multiplies matrices, which sums the gradient in another order
            X_all = X.reshape(1, points, 1).expand(runs, points, 1)
            y_pred = torch.baddbmm(self.bias.unsqueeze(1), X_all, self.weight.unsqueeze(1)).squeeze(2)  # (R, N)
        else:
            y_pred = self.weight * X + self.bias  # (R, N)
        losses: torch.Tensor = self._loss_fn(y_pred, y).mean(dim=1)
        return losses


class _Sgd:
    """`torch.optim.SGD`, with a learning rate and a momentum for each row."""

    def __init__(self, lr: torch.Tensor, configs: Sequence[LinearConfig]) -> None:
        self.down = _column((-lr).to(torch.float32))
        self.momentum = _column(torch.tensor([[config.momentum] for config in configs]))
        self.rolls = any(config.momentum for config in configs)
        self.moves: list[torch.Tensor] = []

    def __call__(self, *params: torch.Tensor) -> None:
        gradients = [_gradient(param) for param in params]
        if self.rolls:
            if self.moves:
                for move, gradient in zip(self.moves, gradients, strict=True):
                    move.mul_(self.momentum).add_(gradient)
            else:
                self.moves = [_column(gradient) for gradient in gradients]
            gradients = self.moves
        for param, gradient in zip(params, gradients, strict=True):
            param.addcmul_(gradient, self.down)


class _Adam:
    """`torch.optim.Adam`, with a learning rate for each row."""

    def __init__(self, lr: torch.Tensor, configs: Sequence[LinearConfig]) -> None:
        self.lr = lr
        self.steps = 0
        self.means, self.squares = ([_column(torch.zeros(len(lr), 1)) for _ in range(2)] for _ in range(2))

    def __call__(self, *params: torch.Tensor) -> None:
        self.steps += 1
        down = _column((-(self.lr / (1 - BETA_1**self.steps))).to(torch.float32))
        root = (1 - BETA_2**self.steps) ** 0.5
        for param, mean, square in zip(params, self.means, self.squares, strict=True):
            gradient = _gradient(param)
            mean.lerp_(gradient, 1 - BETA_1)
            square.mul_(BETA_2).addcmul_(gradient, gradient, value=1 - BETA_2)
            param.add_(_column(down * mean / _column((square.sqrt() / root).add_(EPS))))


def _column(values: torch.Tensor) -> torch.Tensor:
    """A copy (R, 1) whose numbers are not contiguous, so that PyTorch uses scalar code."""
    return torch.empty(len(values), 2)[:, :1].copy_(values)


def _gradient(param: torch.Tensor) -> torch.Tensor:
    assert param.grad is not None
    return _column(param.grad)


def _rows(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """Columns (N, 1) as rows (R, N), or as one row (1, N) if they are all the same object."""
    if all(part is parts[0] for part in parts):
        return parts[0].T.contiguous()
    return torch.cat([part.T for part in parts]).contiguous()


class DataOf:
    """Makes the points of a config, once for all runs with the same points."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], LineData] = {}

    def __call__(self, config: LinearConfig) -> LineData:
        if (key := data_key(config)) not in self._made:
            self._made[key] = line_data(config, CPU)
        return self._made[key]


def data_key(config: LinearConfig) -> tuple[Any, ...]:
    """The settings on which the points of a config depend."""
    seed = config.seed if config.noise else None
    fixed = config.start, config.end, config.step
    return (config.weight, config.bias, config.noise, config.train_fraction, seed, *fixed)


def _all_starts(configs: Sequence[LinearConfig]) -> list[list[float]]:
    """The initial weight and bias of every run, given by its seed."""

    @cache
    def start(model: str, seed: int) -> list[float]:
        return [parameter.item() for parameter in MODELS[model](generator(seed)).parameters()]

    return [start(config.model, config.seed) for config in configs]

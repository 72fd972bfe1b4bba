"""Many runs of a line as one batch: each run is an independent row in every tensor.

The numbers are the same bits as those of a `Run` of each config. An elementwise operation gives the same bits for any
number of elements if PyTorch takes the same code path: the parameters of a single run are scalars, for which PyTorch
uses scalar code and no vector code, and `_column` makes it use that code for a column of them. Sums go over the points
of one run, which are contiguous as in the run itself; `_product` finds a matrix product that adds in the same order.
The gradients come from the operations that autograd would run, without the graph, which takes as long as everything
else.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import torch
from torch import nn

from ...base.errors import ConfigError
from ...base.fields import applies
from ...base.losses import LOSSES
from ...base.seeding import generator
from .config import LinearConfig
from .data import LineData
from .models import MODELS

Slopes = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""From the share of each point in its run's loss, the predictions and y, all (R, N), to the gradients (R, N) of the
losses by the predictions.
"""

SLOPES: dict[str, Slopes] = {
    "l1": lambda share, y_pred, y: share * (y_pred - y).sgn(),
    "mse": lambda share, y_pred, y: torch.ops.aten.mse_loss_backward(share, y_pred, y, NO_REDUCTION),
    "huber": lambda share, y_pred, y: torch.ops.aten.huber_loss_backward(share, y_pred, y, NO_REDUCTION, 1.0),
}
"""What autograd runs for each of `LOSSES`."""

NO_REDUCTION = 0

BETA_1, BETA_2, EPS = 0.9, 0.999, 1e-8
"""The defaults of `torch.optim.Adam`."""


def alike(config: LinearConfig) -> tuple[object, ...]:
    """The settings that configs in one batch must share, besides the number of epochs.

    Raises `ConfigError` for a config with a schedule ("sweep.schedule"): all runs of a batch keep their settings.
    """
    if config.schedule:
        raise ConfigError("sweep.schedule", field="schedule", given=config.schedule, allowed="no schedule")
    momentum = applies(config, "momentum") and config.momentum > 0
    return config.loss, config.optimizer, config.model, *x_key(config), momentum


class Batch:
    """R runs with the same number of epochs, whose configs are `alike`.

    `record` (E, 6, R) float32 has the columns of a `History`, epoch by epoch. `starts` (R, 2) has weight and bias
    before the first epoch. A row whose numbers are no longer finite is invalid from there; other rows are unaffected.
    """

    def __init__(self, configs: Sequence[LinearConfig], data: Sequence[LineData]) -> None:
        """`data` has the points of each run, the same object for equal points."""
        self.configs = configs
        first = self.first = configs[0]
        self.epochs = 0
        self.X_train, self.X_test = data[0].X_train.T.contiguous(), data[0].X_test.T.contiguous()  # (1, N)
        self.y_train, self.y_test = (
            _rows([getattr(one, part) for one in data]).expand(len(configs), -1) for part in ("y_train", "y_test")
        )  # (R, N)
        self.starts = torch.tensor(_all_starts(configs))  # (R, 2)
        self.params = [_column(self.starts[:, n : n + 1]) for n in (0, 1)]  # weight and bias, (R, 1) each
        self.gradients = [_column(param) for param in self.params]  # of the last epoch
        self.record = torch.empty(first.epochs, 6, len(configs))
        lr = torch.tensor([[config.lr] for config in configs], dtype=torch.float64)
        self._step = (_Adam if first.optimizer == "adam" else _Sgd)(lr, configs)
        points = first.train_points
        self._share = torch.ones(len(configs), 1).expand(-1, points) / points  # (R, N)
        self._loss_fn: nn.Module = LOSSES[first.loss](reduction="none")  # the mean is taken for each run

    @property
    def done(self) -> bool:
        """Whether all epochs ran."""
        return self.epochs == self.first.epochs

    def advance(self) -> None:
        """Train all runs for one epoch, and record it."""
        with torch.inference_mode():
            y_pred = self._predict(self.X_train)
            train_losses = self._losses(y_pred, self.y_train)
            self._differentiate(SLOPES[self.first.loss](self._share, y_pred, self.y_train))
            self._step(self.params, self.gradients)
            test_losses = self._losses(self._predict(self.X_test), self.y_test)
            columns = (column[:, 0] for column in (*self.params, *self.gradients))
            torch.stack((train_losses, test_losses, *columns), out=self.record[self.epochs])  # 6 x (R,)
        self.epochs += 1

    def parameters(self, rows: slice, epochs: np.ndarray) -> np.ndarray:
        """The weight and the bias of some runs, each after so many epochs: (K,) -> (K, 2)."""
        lines = self.starts[rows].numpy().copy()
        trained = np.flatnonzero(epochs)
        which = torch.arange(len(self.configs))[rows][trained]
        lines[trained] = self.record[epochs[trained] - 1, 2:4, which].numpy()
        return lines

    def _predict(self, X: torch.Tensor) -> torch.Tensor:
        """The predictions of each run: (1, N) -> (R, N)."""
        weight, bias = self.params
        if self.first.model == "linear":  # a layer multiplies matrices, which sums the gradient in another order
            inputs = X.unsqueeze(2).expand(len(self.configs), -1, -1)  # (R, N, 1)
            return torch.baddbmm(bias.unsqueeze(1), inputs, weight.unsqueeze(1)).squeeze(2)
        return weight * X + bias

    def _losses(self, y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """The loss of each run on its own points: (R, N) -> (R,)."""
        losses: torch.Tensor = self._loss_fn(y_pred, y).mean(dim=1)
        return losses

    def _differentiate(self, slopes: torch.Tensor) -> None:
        """Set the gradients of weight and bias, given those of the predictions (R, N)."""
        weight, bias = self.gradients
        if self.first.model == "linear":
            product = _product(*slopes.shape, torch.get_num_threads())
            weight.copy_(product(slopes, self.X_train))
        else:
            torch.sum(slopes * self.X_train, dim=1, keepdim=True, out=weight)
        torch.sum(slopes, dim=1, keepdim=True, out=bias)


Product = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""From the gradients (R, N) of the predictions and X (1, N) to the gradients (R, 1) of the layers' weights."""


def _as_batch(slopes: torch.Tensor, X: torch.Tensor) -> torch.Tensor:
    return torch.bmm(X.expand(len(slopes), 1, -1), slopes.unsqueeze(2)).squeeze(2)


def _as_matrix(slopes: torch.Tensor, X: torch.Tensor) -> torch.Tensor:
    return torch.mm(slopes, X.view(-1, 1).expand(-1, 4).contiguous())[:, :1]  # fewer columns are added in another order


def _one_by_one(slopes: torch.Tensor, X: torch.Tensor) -> torch.Tensor:
    column = X.view(-1, 1)  # with the strides of a single run, which matter too
    return torch.cat([torch.mm(slope.t(), column) for slope in slopes.unsqueeze(2)])


@lru_cache(256)
def _product(runs: int, points: int, threads: int) -> Product:
    """The fastest product that adds in the order of a single run's layer.

    That order depends on the processor and the shapes, so it is tried out; `threads` are those of PyTorch.
    """
    random = torch.Generator().manual_seed(0)
    found = [_as_batch, _as_matrix]
    for _ in range(1 + 64 // runs):
        slopes, X = (torch.randn(rows, points, generator=random) for rows in (runs, 1))
        expected = _one_by_one(slopes, X)
        found = [product for product in found if torch.equal(product(slopes, X), expected)]
    return (*found, _one_by_one)[0]


class _Sgd:
    """`torch.optim.SGD`, with a learning rate and a momentum for each row."""

    def __init__(self, lr: torch.Tensor, configs: Sequence[LinearConfig]) -> None:
        self.down = _column((-lr).to(torch.float32))
        self.momentum = _column(torch.tensor([[config.momentum] for config in configs]))
        self.rolls = any(config.momentum for config in configs)
        self.moves: list[torch.Tensor] = []

    def __call__(self, params: list[torch.Tensor], gradients: list[torch.Tensor]) -> None:
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

    def __call__(self, params: list[torch.Tensor], gradients: list[torch.Tensor]) -> None:
        self.steps += 1
        down = _column((-(self.lr / (1 - BETA_1**self.steps))).to(torch.float32))
        root = (1 - BETA_2**self.steps) ** 0.5
        for param, gradient, mean, square in zip(params, gradients, self.means, self.squares, strict=True):
            mean.lerp_(gradient, 1 - BETA_1)
            square.mul_(BETA_2).addcmul_(gradient, gradient, value=1 - BETA_2)
            param.add_(_column(down * mean / _column((square.sqrt() / root).add_(EPS))))


def _column(values: torch.Tensor) -> torch.Tensor:
    """A copy (R, 1) whose numbers are not contiguous, so that PyTorch uses scalar code."""
    return torch.empty(len(values), 2)[:, :1].copy_(values)


def _rows(parts: Sequence[torch.Tensor]) -> torch.Tensor:
    """Columns (N, 1) as rows (R, N), or as one row (1, N) if they are all the same object."""
    if all(part is parts[0] for part in parts):
        return parts[0].T.contiguous()
    return torch.cat([part.T for part in parts]).contiguous()


def data_key(config: LinearConfig) -> tuple[Any, ...]:
    """The settings on which the points of a config depend."""
    drawn = () if config.points else (config.weight, config.bias, config.noise, config.seed if config.noise else None)
    return *x_key(config), *drawn


def x_key(config: LinearConfig) -> tuple[Any, ...]:
    """The settings on which the X of a config's training points depend."""
    source = (config.points,) if config.points else (config.start, config.end, config.step)
    split = (config.train_fraction, config.seed) if config.shuffle else (config.train_points,)
    return *source, *split, config.standardise


def _all_starts(configs: Sequence[LinearConfig]) -> list[list[float]]:
    """The initial weight and bias of every run: those of its config, else given by its seed."""

    @cache
    def start(model: str, seed: int) -> list[float]:
        return [parameter.item() for parameter in MODELS[model](generator(seed)).parameters()]

    by_hand = [config.initial for config in configs]
    return [
        [line["weight"], line["bias"]] if line else start(config.model, config.seed)
        for line, config in zip(by_hand, configs, strict=True)
    ]

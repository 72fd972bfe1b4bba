"""A run on points in the plane: a small network that learns from all points at once, or batch by batch."""

import copy
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from ...base.batch_order import BatchOrder
from ...base.seeding import generator
from ...base.step import LineCallback
from ..run import Progress, check_parameters
from ..scheduled_run import ScheduledRun
from .config import PointsConfig
from .data import points_data
from .layers import features
from .models import Dropout, build_model
from .network import mean_loss, right

FIRST_ROOM = 256  # epochs; the record of the parameters doubles when it is full


class PointsRun(ScheduledRun):
    """A run that learns to tell points in the plane apart.

    For each epoch, its history has the loss and the accuracy (percent of all points) on the training points, each
    before the step that they are part of, and on the test points after the last step. `parameters` has all parameters
    after every epoch. With one thread the bits are those of plain PyTorch.

    `start` has the initial parameters, all in one row in the order of the model; without it, the config decides.
    """

    columns = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
    config: PointsConfig

    def __init__(self, config: PointsConfig, *, start: Sequence[float] | torch.Tensor | None = None) -> None:
        super().__init__(config)
        self.data = points_data(config).to(self.device)
        # The exported code sets the seed again before the training, so batches and dropout do not depend on the model.
        self.order = BatchOrder(generator(config.seed))
        self.batch = 0  # how many batches of the current epoch are done
        model = self.fresh_model()
        if start is not None:
            model.load_state_dict(named(model, torch.as_tensor(start, dtype=torch.float32)))
        self.adopt(model)
        self._record = torch.empty(0, len(self.start))

    @classmethod
    def build_model(cls, config: PointsConfig) -> nn.Module:
        return build_model(config, generator(config.seed))

    @classmethod
    def check_start(cls, config: PointsConfig, start: Any) -> None:
        if isinstance(start, Mapping) or len(start) != config.parameters:
            raise ValueError(f"this network has {config.parameters} parameters")
        check_parameters(start)

    def adopt(self, model: nn.Module) -> None:
        super().adopt(model)
        self._params = list(self.model.parameters())
        for module in self.model.modules():
            if isinstance(module, Dropout):
                module.generator = self.order.random
        self._before = self._flat()
        if not self.epoch:
            self.start = self._before

    @property
    def parameters(self) -> torch.Tensor:
        """All parameters after every epoch, in the order of the model: (epochs, parameters) float32. Read only."""
        return self._record[: self.epoch]

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return self.config.batches

    @property
    def _batch_size(self) -> int:
        return self.config.batch_size or len(self.data.y_train)

    def progress(self) -> Progress:
        if self.batches == 1:
            return Progress()
        samples = len(self.data.y_train)
        mean = self._total / self._seen if self.batch else math.nan
        return Progress(self.batch, self.batches, min(self.batch * self._batch_size, samples), samples, mean)

    @property
    def observed(self) -> dict[str, Any]:
        return {**super().observed, "parameters": self.parameters}

    @property
    def recorded_weights(self) -> dict[str, torch.Tensor]:
        return named(self.model, self._before) if self.batch else self.model.state_dict()

    def predict(self, X: torch.Tensor) -> torch.Tensor:
        """The logits of points, without gradients, on the CPU: (N, 2) -> (N,) for two classes, else (N, classes)."""
        return super().predict(features(X, self.config.features))

    def _train(self, epochs: int, on_line: LineCallback | None) -> Iterator[Sequence[float] | None]:
        for _ in range(epochs):
            if not self.batch:
                self._begin_epoch()
            self.model.train()
            for X, y in self._batches_left():
                finite = self._learn(X, y)
                self.batch += 1
                if not finite or self.batch == self.batches:
                    break
                yield None
                self.model.train()  # somebody may have looked at predictions meanwhile
            yield self._end_epoch()

    def _again(self, config: PointsConfig) -> "PointsRun":
        return PointsRun(config, start=self.start)

    def _begin_epoch(self) -> None:
        self.follow_schedule()
        self._total, self._seen, self._right = 0.0, 0, 0
        self._before = self._flat() if not self.epoch else self._record[self.epoch - 1]
        self._shuffle = self.order.shuffled(len(self.data.y_train)) if self.config.batch_size else None

    def _batches_left(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """The remaining batches of the epoch. A run that was paused continues with them."""
        X, y = self.data.X_train, self.data.y_train
        if self._shuffle is None:
            return iter([(X, y)])
        size, order = self._batch_size, self._shuffle.to(self.device)
        parts = (order[first : first + size] for first in range(self.batch * size, len(y), size))
        return ((X[part], y[part]) for part in parts)

    def _learn(self, X: torch.Tensor, y: torch.Tensor) -> bool:
        """Take one step on one batch; returns whether its loss is finite."""
        logits = self.model(X)
        loss = mean_loss(logits, y)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        number = loss.item()
        self._total += number * len(y) if self.batches > 1 else number
        self._seen += len(y)
        self._right += right(logits.detach(), y)
        return math.isfinite(number)

    def measured(self) -> dict[str, float]:
        """The losses and the accuracies (percent) of the current model, without dropout."""
        found, data = {}, self.data
        self.model.eval()
        with torch.inference_mode():
            for part, X, y in (("train", data.X_train, data.y_train), ("test", data.X_test, data.y_test)):
                logits = self.model(X)
                found[f"{part}_loss"] = mean_loss(logits, y).item()
                found[f"{part}_accuracy"] = 100 * right(logits, y) / len(y)
        return found

    def after(self, epoch: int) -> "PointsRun":
        """A copy of the run to look at, with the model that it had after an epoch, bit for bit."""
        past = copy.copy(self)
        past.model = self.fresh_model().to(self.device)
        past.model.load_state_dict(named(past.model, self.parameters[epoch]))
        return past

    def _end_epoch(self) -> tuple[float, ...]:
        """Test, and return the history's row; without a test if the loss is not finite."""
        whole, self.batch = self.batch == self.batches, 0
        train_loss = self._total / self._seen if self.batches > 1 else self._total
        if not whole or not math.isfinite(train_loss):
            return (math.nan,) * len(self.columns)
        self.model.eval()
        with torch.inference_mode():
            logits = self.model(self.data.X_test)
            test_loss = mean_loss(logits, self.data.y_test).item()
            test_right = right(logits, self.data.y_test)
        if self.epoch == len(self._record):
            grown = torch.empty(max(2 * len(self._record), FIRST_ROOM), len(self.start))
            grown[: self.epoch] = self._record
            self._record = grown
        self._record[self.epoch] = self._flat()
        accuracies = 100 * self._right / self._seen, 100 * test_right / len(self.data.y_test)
        return train_loss, test_loss, *accuracies

    def _flat(self) -> torch.Tensor:
        """All parameters in one row: (parameters,)."""
        return torch.cat([param.detach().flatten() for param in self._params]).cpu()

    def _restore_last_good(self) -> None:
        self.model.load_state_dict(named(self.model, self._before))


def named(model: nn.Module, flat: torch.Tensor) -> dict[str, torch.Tensor]:
    """The state_dict of `model` with the parameters of such a row."""
    state, at = {}, 0
    for name, param in model.named_parameters():
        state[name] = flat[at : at + param.numel()].reshape(param.shape).clone()
        at += param.numel()
    return state

"""A linear run: a line, learned from all its points at once."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from ...base.errors import ConfigError
from ...base.losses import LOSSES
from ...base.seeding import generator
from ...base.step import STANDARD, LineCallback, Procedure, eval_step
from ..run import check_parameters
from ..scheduled_run import ScheduledRun
from .config import LinearConfig
from .data import line_data
from .models import MODELS


class LinearRun(ScheduledRun):
    """A run that learns a line.

    `start` has the initial parameters, {"weight": ..., "bias": ...}; without it, the config decides. `procedure` is how
    an epoch runs. A branch may change the learning rate, the momentum, the optimizer or the loss.

    For the same bits everywhere, an `nn.Linear` with more than 100 points needs one thread, as an `ImageRun` does.

    Raises `ConfigError` for a start that is not finite.
    """

    columns = ("train_loss", "test_loss", "weight", "bias", "weight_grad", "bias_grad")
    config: LinearConfig

    def __init__(
        self, config: LinearConfig, *, start: Mapping[str, float] | None = None, procedure: Procedure = STANDARD
    ) -> None:
        super().__init__(config)
        self.procedure = procedure
        self.data = line_data(config, self.device)
        self.loss_fn = LOSSES[config.loss]()
        model = MODELS[config.model](self.generator).to(self.device)
        self.adopt(model if procedure.wrap is None else procedure.wrap(model, self.generator))
        if start := start or config.initial:
            self._set_line(start["weight"], start["bias"])
        self.start = self.line

    @classmethod
    def build_model(cls, config: LinearConfig) -> nn.Module:
        return MODELS[config.model](generator(config.seed))

    @classmethod
    def check_start(cls, config: LinearConfig, start: Any) -> None:
        if not isinstance(start, Mapping) or start.keys() != {"weight", "bias"}:
            raise ValueError("a line has two parameters")
        check_parameters(start.values())

    def adopt(self, model: nn.Module) -> None:
        super().adopt(model)
        if not self.epoch:
            self.start = self.line

    @property
    def line(self) -> dict[str, float]:
        """The model's current line: its `weight` and its `bias`."""
        weight, bias = self.model.parameters()
        return {"weight": weight.item(), "bias": bias.item()}

    @property
    def own_line(self) -> dict[str, float]:
        """The current line in the units of the points: another one than the model's if these are standardised."""
        weight, bias = self.data.scale.own_line(*self.line.values())
        return {"weight": weight, "bias": bias}

    def after(self, epoch: int) -> "LinearRun":
        """A copy of the run to look at, with the model and the gradients that it had after an epoch, bit for bit."""
        past, row = copy.copy(self), self.history.row(epoch)
        past.model = self.fresh_model().to(self.device)
        for name, parameter in zip(("weight", "bias"), past.model.parameters(), strict=True):
            parameter.grad = torch.full_like(parameter, row[f"{name}_grad"])
        past._set_line(row["weight"], row["bias"])
        return past

    def losses(self) -> dict[str, float]:
        """The current `train_loss` and `test_loss`."""
        data = self.data
        return {
            "train_loss": eval_step(self.model, data.X_train, data.y_train, self.loss_fn)[1].item(),
            "test_loss": eval_step(self.model, data.X_test, data.y_test, self.loss_fn)[1].item(),
        }

    def _train(self, epochs: int, on_line: LineCallback | None) -> Iterator[Sequence[float]]:
        """Train epoch by epoch, and yield each epoch's row for the history."""
        model, data = self.model, self.data
        weight, bias = model.parameters()
        for _ in range(epochs):
            self.follow_schedule()
            loss_fn, optimizer = self.loss_fn, self.optimizer
            for line, tensor in self.procedure.lines(model, data.X_train, data.y_train, loss_fn, optimizer):
                if line == "loss":
                    train_loss = tensor
                if on_line:
                    on_line(line, tensor)
            test_pred, test_loss = self.procedure.evaluate(model, data.X_test, data.y_test, loss_fn)
            if on_line:
                on_line("evaluate", test_pred, test_loss)
            numbers = (train_loss, test_loss, weight, bias, weight.grad, bias.grad)
            yield tuple(
                0.0 if number is None else number.item() for number in numbers
            )  # None: cleared or never computed

    def _settings_changed(self, before: LinearConfig) -> None:
        if self.settings.loss != before.loss:
            self.loss_fn = LOSSES[self.settings.loss]()

    def _again(self, config: LinearConfig) -> "LinearRun":
        return LinearRun(config, start=self.start, procedure=self.procedure)

    def _restore_last_good(self) -> None:
        last = self.history.row(-1) if self.epoch else self.start
        self._set_line(last["weight"], last["bias"])

    def _set_line(self, weight: float, bias: float) -> None:
        for name, value in (("weight", weight), ("bias", bias)):
            if not (isinstance(value, float | int) and abs(value) <= torch.finfo(torch.float32).max):
                raise ConfigError("config.out_of_range", field=name, given=value, allowed="a finite number")
        with torch.no_grad():
            for parameter, value in zip(self.model.parameters(), (weight, bias), strict=True):
                parameter.fill_(value)

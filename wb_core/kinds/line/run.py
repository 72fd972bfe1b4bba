"""A linear run: a line, learned from all its points at once."""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import nn

from ...base.errors import ConfigError
from ...base.losses import LOSSES
from ...base.seeding import generator
from ...base.step import STANDARD, LineCallback, Procedure, eval_step
from ..run import Run
from .config import LinearConfig
from .data import line_data
from .models import MODELS


class LinearRun(Run):
    """A run that learns a line.

    `start` has the initial parameters, {"weight": ..., "bias": ...}; without it the seed decides. `procedure` is how an
    epoch runs.

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
        if start is not None:
            self._set_line(start["weight"], start["bias"])
        self.start = self.line

    @classmethod
    def build_model(cls, config: LinearConfig) -> nn.Module:
        return MODELS[config.model](generator(config.seed))

    def adopt(self, model: nn.Module) -> None:
        super().adopt(model)
        if not self.epoch:
            self.start = self.line

    @property
    def line(self) -> dict[str, float]:
        """The model's current line: its `weight` and its `bias`."""
        weight, bias = self.model.parameters()
        return {"weight": weight.item(), "bias": bias.item()}

    def losses(self) -> dict[str, float]:
        """The current `train_loss` and `test_loss`."""
        data = self.data
        return {
            "train_loss": eval_step(self.model, data.X_train, data.y_train, self.loss_fn)[1].item(),
            "test_loss": eval_step(self.model, data.X_test, data.y_test, self.loss_fn)[1].item(),
        }

    def _train(self, epochs: int, on_line: LineCallback | None) -> Iterator[Sequence[float]]:
        """Train epoch by epoch, and yield each epoch's row for the history."""
        model, data, loss_fn, optimizer = self.model, self.data, self.loss_fn, self.optimizer
        weight, bias = model.parameters()
        for _ in range(epochs):
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

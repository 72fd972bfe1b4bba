"""A run: one model that learns from one set of data, epoch by epoch, and remembers every one of them."""

import math
import time
from collections.abc import Iterator, Mapping

import torch
from torch import nn

from .config import LinearConfig
from .data import line_data
from .devices import resolve_device
from .errors import ConfigError
from .fields import specs
from .history import History
from .losses import LOSSES
from .models import MODELS
from .optimizers import build_optimizer
from .seeding import generator
from .step import NOTES, Procedure, See, eval_step


class Run:
    """Data, model, optimizer and history of one training. Nothing is trained until `advance` or `finish` is called.

    The same config gives the same bits, whoever else trains in the same process. `start` gives the parameters to begin
    with, {"weight": ..., "bias": ...}; without it they come from the seed. `procedure` is how an epoch goes, the notes'
    way unless something else is to be tried. A run whose numbers stop being finite ends itself: `diverged_at` is then
    the epoch that could not be recorded, and the model is back at the last good one.

    Raises `DeviceError` for a device that is not there and `ConfigError` for a start that is not finite.
    """

    def __init__(
        self, config: LinearConfig, *, start: Mapping[str, float] | None = None, procedure: Procedure = NOTES
    ) -> None:
        self.config = config
        self.procedure = procedure
        self.device = resolve_device(config.device)
        self.data = line_data(config, self.device)
        self.loss_fn = LOSSES[config.loss]()
        self.history = History()
        self.epochs = config.epochs  # the goal; `extend` moves it
        self.seconds = 0.0  # spent in training so far
        self.diverged_at: int | None = None
        self.generator = generator(config.seed)
        model = MODELS[config.model](self.generator).to(self.device)
        self.adopt(model if procedure.wrap is None else procedure.wrap(model, self.generator))
        if start is not None:
            self._set_line(start["weight"], start["bias"])
        self.start = self.line

    def adopt(self, model: nn.Module) -> None:
        """Go on with this model, which has the right parameters, and a fresh optimizer; the history stays."""
        self.model = model
        self.optimizer = build_optimizer(model, self.config)
        self.diverged_at = None
        if not self.epoch:
            self.start = self.line

    @property
    def epoch(self) -> int:
        """How many epochs are recorded."""
        return len(self.history)

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do: all epochs ran, or the run diverged."""
        return self.diverged_at is not None or self.epoch >= self.epochs

    @property
    def line(self) -> dict[str, float]:
        """The line that the model stands for now: its `weight` and its `bias`."""
        weight, bias = self.model.parameters()
        return {"weight": weight.item(), "bias": bias.item()}

    def advance(self, *, epochs: int | None = None, seconds: float | None = None, see: See | None = None) -> int:
        """Train for at most so many epochs, or for so many seconds (one epoch at least).

        `see` is called after each line of each epoch, with its name and the tensors that it made (see `step.LINES`).
        Returns how many epochs were recorded: fewer than asked for when the run is done before.
        """
        if (epochs is None) == (seconds is None):
            raise TypeError("advance() takes either epochs or seconds")
        if self.diverged_at is not None:
            return 0
        first, began = self.epoch, time.perf_counter()
        last = self.epochs if epochs is None else min(self.epochs, first + epochs)
        deadline = math.inf if seconds is None else began + seconds
        for row in self._train(last - first, see):
            if not all(map(math.isfinite, row)):
                self._diverge()
                break
            self.history.append(row)
            if time.perf_counter() >= deadline:
                break
        self.seconds += time.perf_counter() - began
        return self.epoch - first

    def finish(self) -> None:
        """Train all epochs that are left."""
        self.advance(epochs=self.epochs)

    def extend(self, epochs: int) -> None:
        """Ask for so many epochs more than are recorded; `advance` and `finish` will run them."""
        self.epochs = self.epoch + int(specs(self.config)["epochs"].check("epochs", epochs))

    def predict(self, X: torch.Tensor) -> torch.Tensor:
        """The model's predictions without gradients, on the CPU: (N, 1) -> (N, 1)."""
        self.model.eval()
        with torch.inference_mode():
            y_pred: torch.Tensor = self.model(X.to(self.device))
        return y_pred.cpu()

    def losses(self) -> dict[str, float]:
        """`train_loss` and `test_loss` of the model as it is now."""
        data = self.data
        return {
            "train_loss": eval_step(self.model, data.X_train, data.y_train, self.loss_fn)[1].item(),
            "test_loss": eval_step(self.model, data.X_test, data.y_test, self.loss_fn)[1].item(),
        }

    def _train(self, epochs: int, see: See | None) -> Iterator[tuple[float, ...]]:
        """Train epoch by epoch, and give of each what the history records."""
        model, data, loss_fn, optimizer = self.model, self.data, self.loss_fn, self.optimizer
        weight, bias = model.parameters()
        for _ in range(epochs):
            for line, tensor in self.procedure.lines(model, data.X_train, data.y_train, loss_fn, optimizer):
                if line == "loss":
                    train_loss = tensor
                if see:
                    see(line, tensor)
            test_pred, test_loss = self.procedure.evaluate(model, data.X_test, data.y_test, loss_fn)
            if see:
                see("evaluate", test_pred, test_loss)
            numbers = (train_loss, test_loss, weight, bias, weight.grad, bias.grad)
            yield tuple(
                0.0 if number is None else number.item() for number in numbers
            )  # None: cleared, or never filled

    def _diverge(self) -> None:
        self.diverged_at = self.epoch
        last = self.history.row(-1) if self.epoch else self.start
        self._set_line(last["weight"], last["bias"])

    def _set_line(self, weight: float, bias: float) -> None:
        for name, value in (("weight", weight), ("bias", bias)):
            if not (isinstance(value, float | int) and abs(value) <= torch.finfo(torch.float32).max):
                raise ConfigError("config.out_of_range", field=name, given=value, allowed="a finite number")
        with torch.no_grad():
            for parameter, value in zip(self.model.parameters(), (weight, bias), strict=True):
                parameter.fill_(value)

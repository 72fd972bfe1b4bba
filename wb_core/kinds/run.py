"""A run: one model that learns from one data set, and records every epoch."""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import nn

from ..base.devices import resolve_device
from ..base.evaluation import Evaluation
from ..base.fields import specs
from ..base.history import History
from ..base.optimizers import build_optimizer
from ..base.seeding import generator
from ..base.step import LineCallback

LARGEST_PARAMETER = 1e6
"""The largest parameter with which a run may begin by hand."""


@dataclass(frozen=True)
class Progress:
    """The progress of an epoch: `batch` of its `batches` are done, `seen` of its `samples` were used.

    `running_loss` is the mean loss of these batches, nan before the first. All 0 if an epoch is one batch.
    """

    batch: int = 0
    batches: int = 0
    seen: int = 0
    samples: int = 0
    running_loss: float = math.nan


class Run(ABC):
    """Data, model, optimizer and history of one training. Nothing is trained until `advance` or `finish` is called.

    `Run(config)` makes a run of the config's own kind: `LinearRun`, `ImageRun` or `PointsRun`. The same config gives
    the same bits, even while other runs train in the same process. A run stops when its numbers are no longer finite:
    `diverged_at` is then the epoch that could not be recorded, and the model is the last good one.

    Raises `DeviceError` for a device that this machine does not have, and the errors of its own kind.
    """

    columns: ClassVar[Sequence[str]]
    """The names of the numbers that the history records for each epoch."""

    evaluation: Evaluation | None = None
    """The last test, for kinds whose predictions are kept."""

    batch_losses: Sequence[float] = ()
    """The loss of every batch so far, for kinds whose epochs have several."""

    def __new__(cls, config: Any = None, **kwargs: Any) -> "Run":
        if cls is not Run:  # copying and unpickling call it without a config
            return super().__new__(cls)
        from . import kind_of  # the kinds import this module

        return super().__new__(kind_of(config).run)

    def __init__(self, config: Any, **kwargs: Any) -> None:
        self.config = config
        self.settings = config  # those in force, which may change during the training
        self.device = resolve_device(config.device)
        self.generator = generator(config.seed)
        self.history = History(self.columns)
        self.epochs: int = config.epochs  # the goal; `extend` moves it
        self.seconds = 0.0  # spent in training so far
        self.diverged_at: int | None = None

    @classmethod
    def max_batches(cls, config: Any) -> int:
        """The most batch losses that a run of `config` can record; 0 if an epoch is one batch."""
        return 0

    @classmethod
    def check_start(cls, config: Any, start: Any) -> None:
        """Raise `ValueError` unless a run of `config` can begin with these parameters, `Run(config, start=start)`."""
        raise ValueError("the runs of this kind have no start by hand")

    def progress(self) -> Progress:
        """The progress of the current epoch."""
        return Progress()

    def test(self) -> Evaluation | None:
        """Test the current model, for kinds whose predictions are kept."""
        return None

    @classmethod
    @abstractmethod
    def build_model(cls, config: Any) -> nn.Module:
        """An untrained model of a config, on the CPU."""

    def fresh_model(self) -> nn.Module:
        """An untrained model of the run's config, on the CPU."""
        return self.build_model(self.config)

    @abstractmethod
    def _train(self, epochs: int, on_line: LineCallback | None) -> Iterator[Sequence[float] | None]:
        """Train `epochs` epochs; yield None after each batch, or the history's row at the end of an epoch."""

    @abstractmethod
    def _restore_last_good(self) -> None:
        """Restore the model to its state after the last recorded epoch."""

    def adopt(self, model: nn.Module) -> None:
        """Continue with this model, which must have the same parameters, and a new optimizer. The history stays."""
        self.model = model.to(self.device)
        self.optimizer = build_optimizer(self.model, self.settings)
        self.diverged_at = None

    @property
    def epoch(self) -> int:
        """The number of recorded epochs."""
        return len(self.history)

    @property
    def done(self) -> bool:
        """Whether all epochs ran, or the run diverged."""
        return self.diverged_at is not None or self.epoch >= self.epochs

    @property
    def observed(self) -> dict[str, Any]:
        """What `diagnose` gets of the run besides its history and its config."""
        return {"diverged_at": self.diverged_at}

    @property
    def recorded_weights(self) -> dict[str, torch.Tensor]:
        """The model's state_dict after the last recorded epoch, even if the next one has begun."""
        return self.model.state_dict()

    def advance(
        self,
        *,
        epochs: int | None = None,
        batches: int | None = None,
        seconds: float | None = None,
        on_line: LineCallback | None = None,
    ) -> int:
        """Train up to `epochs` epochs or `batches` batches, or for about `seconds` (one batch at least).

        For a line, which is learned from all its points at once, a batch is an epoch. `on_line` is called after each
        line of the loop with its name and the tensors it made (see `step.LINES`). Returns how many epochs were
        recorded, fewer than asked for if the run is done earlier.
        """
        if [epochs, batches, seconds].count(None) != 2:
            raise TypeError("advance() takes either epochs, batches or seconds")
        if self.diverged_at is not None or (batches is not None and batches < 1):
            return 0
        first = self.epoch
        last = self.epochs if epochs is None else min(self.epochs, first + epochs)
        left = math.inf if batches is None else batches
        self._began = time.perf_counter()
        deadline = math.inf if seconds is None else self._began + seconds
        for row in self._train(last - first, on_line):
            if row is not None:
                if not all(map(math.isfinite, row)):
                    self.diverged_at = self.epoch
                    self._restore_last_good()
                    break
                self.history.append(row)
            left -= 1
            if left <= 0 or time.perf_counter() >= deadline:
                break
        self.seconds = self._clock()
        return self.epoch - first

    def _clock(self) -> float:
        """Seconds spent in training until now; valid while `advance` runs."""
        return self.seconds + time.perf_counter() - self._began

    def finish(self) -> None:
        """Train all remaining epochs."""
        self.advance(epochs=self.epochs)

    def extend(self, epochs: int) -> None:
        """Add `epochs` to the recorded ones as the new goal; `advance` and `finish` will run them."""
        self.epochs = self.epoch + int(specs(self.config)["epochs"].check("epochs", epochs) or 0)

    def predict(self, X: torch.Tensor) -> torch.Tensor:
        """The model's predictions without gradients, on the CPU: (N, 1) -> (N, 1) for a line; see each kind."""
        self.model.eval()
        with torch.inference_mode():
            y_pred: torch.Tensor = self.model(X.to(self.device))
        return y_pred.cpu()


def check_parameters(values: Iterable[Any]) -> None:
    """Raise `ValueError` unless these are numbers that a model may begin with."""
    for value in values:
        if type(value) is not float or not math.isfinite(value) or abs(value) > LARGEST_PARAMETER:
            raise ValueError("a parameter is a finite number")

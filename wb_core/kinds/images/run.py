"""An image run: it learns batch by batch, and tests after every epoch."""

import copy
import math
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ...base.evaluation import Evaluation
from ...base.losses import IMAGE_LOSSES
from ...base.seeding import generator
from ...base.step import LineCallback, eval_step, training_lines
from ..run import Progress, Run
from .config import ImageConfig
from .data import SIZES, ImageData, fashion_mnist
from .loader import Loader
from .metrics import accuracy
from .models import IMAGE_MODELS


class ImageRun(Run):
    """A run that learns to classify images.

    For each epoch, its history has the mean loss over the training batches, each before its step; after the last step,
    the mean loss over the test batches and the percent of all test images that it gets right; and the seconds it took.
    `batch_losses` has the loss of every batch so far, `evaluation` the last test. The images are `data` if they are in
    memory already, else they come from `fashion_mnist`.

    For the same bits as in jobs and in the exported code, use one thread (`torch.set_num_threads(1)`): several threads
    add up, and so round, in another order.

    Raises what `fashion_mnist` raises.
    """

    columns = ("train_loss", "test_loss", "test_accuracy", "seconds")
    config: ImageConfig
    batch_losses: "array[float]"

    def __init__(self, config: ImageConfig, *, data: ImageData | None = None) -> None:
        super().__init__(config)
        folder = None if config.data_dir is None else Path(config.data_dir)
        self.data = data or fashion_mnist(config.dataset, folder)
        self.loss_fn = IMAGE_LOSSES[config.loss]()
        self.batch = 0  # how many batches of the current epoch are done
        self.batch_losses = array("f")
        self.adopt(self.fresh_model())
        # The exported code sets the seed again before the training, so the batches do not depend on the model.
        self.loader = Loader(config.batch_size, self.device, generator(config.seed))

    @classmethod
    def max_batches(cls, config: ImageConfig) -> int:
        return config.epochs * math.ceil(SIZES[config.dataset][0] / config.batch_size)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_left": None}  # a Python generator cannot be copied; it is made again when needed

    @classmethod
    def build_model(cls, config: ImageConfig) -> nn.Module:
        return IMAGE_MODELS[config.model](config.hidden_units, generator(config.seed))

    def adopt(self, model: nn.Module) -> None:
        super().adopt(model)
        if self.batch:  # within an epoch, the new model is what a failed epoch goes back to
            self._last_good = copy.deepcopy(self.model.state_dict())

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return math.ceil(len(self.data.train) / self.config.batch_size)

    @property
    def seen(self) -> int:
        """How many images of the current epoch were used."""
        return min(self.batch * self.config.batch_size, len(self.data.train))

    @property
    def running_loss(self) -> float:
        """The mean loss of the current epoch's batches so far, nan before the first."""
        return self._total.item() / self.batch if self.batch else math.nan

    def progress(self) -> Progress:
        return Progress(self.batch, self.batches, self.seen, len(self.data.train), self.running_loss)

    @property
    def recorded_weights(self) -> dict[str, torch.Tensor]:
        return self._last_good if self.batch else self.model.state_dict()

    def test(self) -> Evaluation:
        """Test the current model batch by batch."""
        total, logits = torch.zeros((), device=self.device), []
        for X, y in self.loader.batches(self.data.test):
            test_pred, loss = eval_step(self.model, X, y, self.loss_fn)  # (batch_size, 10), ()
            total = total + loss
            logits.append(test_pred.cpu())
        everything = torch.cat(logits)
        right = accuracy(everything.argmax(dim=1), self.data.test.y)
        return Evaluation((total / len(logits)).item(), right, everything)

    @property
    def observed(self) -> dict[str, Any]:
        return {**super().observed, "evaluation": self.evaluation, "batch_losses": self.batch_losses}

    def _train(self, epochs: int, on_line: LineCallback | None) -> Iterator[Sequence[float] | None]:
        for _ in range(epochs):
            if not self.batch:
                self._begin_epoch()
            for X, y in self._batches_left():
                loss = self._learn(X, y, on_line)
                self.batch_losses.append(loss)
                self.batch += 1
                if not math.isfinite(loss) or self.batch == self.batches:
                    break
                yield None
            yield self._end_epoch()

    def _begin_epoch(self) -> None:
        self._order = self.loader.shuffled(len(self.data.train))
        self._total = torch.zeros((), device=self.device)
        self._start = self._clock()
        self._left: Iterator[tuple[torch.Tensor, torch.Tensor]] | None = None
        self._last_good = copy.deepcopy(self.model.state_dict())

    def _batches_left(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """The remaining batches of the epoch. A run that was paused continues with the same iterator."""
        if self._left is None:
            self._left = self.loader.batches(self.data.train, self._order, first=self.batch)
        return self._left

    def _learn(self, X: torch.Tensor, y: torch.Tensor, on_line: LineCallback | None) -> float:
        """Take one step on one batch, and return its loss."""
        for line, tensor in training_lines(self.model, X, y, self.loss_fn, self.optimizer):
            if line == "loss" and tensor is not None:
                loss = tensor.detach()
            if on_line:
                on_line(line, tensor)
        self._total += loss
        return loss.item()

    def _end_epoch(self) -> tuple[float, ...]:
        """Test, and return the history's row; without a test if the loss is not finite."""
        whole, self.batch = self.batch == self.batches, 0
        train_loss = (self._total / self.batches).item()
        if not whole or not math.isfinite(train_loss):
            return (math.nan,) * len(self.columns)
        self.loader.unshuffled()
        evaluation = self.test()
        if math.isfinite(evaluation.loss):
            self.evaluation = evaluation
        return train_loss, evaluation.loss, evaluation.accuracy, self._clock() - self._start

    def _restore_last_good(self) -> None:
        self.model.load_state_dict(self._last_good)

"""A run whose every epoch can be looked at, line by line."""

import copy
import dataclasses
import time
from collections.abc import Mapping
from typing import Any

from ..config import LinearConfig
from ..run import LinearRun
from .moments import Recorder, Trace
from .what_if import WHAT_IFS

EVERY = 50
"""Epochs between two saved states of the run: showing an epoch trains at most this many again."""


class Microscope:
    """Trains the run of a config, and can go back to any of its epochs and take down each of its lines.

    A look trains the epoch again, from the nearest mark on, with the very step that the run was trained with: what it
    shows is what happened. `what_if` names a change to the loop (see `WHAT_IFS`), `control` asks for the run that it
    is to be compared with, `epochs` for another number of them than the config's, and `start` is that of `LinearRun`.
    """

    def __init__(
        self,
        config: LinearConfig,
        *,
        epochs: int | None = None,
        start: Mapping[str, float] | None = None,
        what_if: str = "none",
        control: bool = False,
    ) -> None:
        change = WHAT_IFS[what_if]
        self.config = config if control else dataclasses.replace(config, **change.settings)
        self.start = start
        self.procedure = change.control if control else change.procedure
        skipped = (line for line, mark in change.marks.items() if mark == "skipped" and not control)
        self.skipped = tuple(skipped)
        self.run = self._new_run()
        self.run.epochs = epochs or config.epochs
        self._marks = [_Mark(self.run)]

    def _new_run(self) -> LinearRun:
        return LinearRun(self.config, start=self.start, procedure=self.procedure)

    @property
    def epochs(self) -> int:
        """How many epochs can be looked at: those that ran, and the one in which the run diverged."""
        return self.run.epoch + (self.run.diverged_at is not None)

    def advance(self, seconds: float) -> None:
        """Train the run for some time, from one mark to the next at least, and leave marks."""
        deadline = time.perf_counter() + seconds
        while not self.run.done:
            self.run.advance(epochs=EVERY - self.run.epoch % EVERY)
            if self.run.epoch % EVERY == 0 and not self.run.done:
                self._marks.append(_Mark(self.run))
            if time.perf_counter() >= deadline:
                break

    def look(self, epoch: int) -> Trace:
        """Every line of one of the `epochs`, counted from 0."""
        if not 0 <= epoch < self.epochs:
            raise IndexError(f"epoch {epoch} of {self.epochs}")
        mark = self._marks[min(epoch // EVERY, len(self._marks) - 1)]
        again = self._new_run()
        mark.restore(again)
        again.epochs = epoch - mark.epoch + 1
        again.advance(epochs=epoch - mark.epoch)
        recorder = Recorder(again)
        again.advance(epochs=1, on_line=recorder)
        return recorder.trace(epoch, self.skipped)


class _Mark:
    """All that the next epoch of a run depends on: parameters, gradients, mode, optimizer and generator."""

    def __init__(self, run: LinearRun) -> None:
        self.epoch = run.epoch
        self.model = copy.deepcopy(run.model.state_dict())
        self.grads = [copy.deepcopy(parameter.grad) for parameter in run.model.parameters()]
        self.training = run.model.training
        self.optimizer: dict[str, Any] = copy.deepcopy(run.optimizer.state_dict())
        # 5 kB, needed only where an epoch draws random numbers.
        self.random = run.generator.get_state() if run.procedure.wrap else None

    def restore(self, run: LinearRun) -> None:
        """Put a fresh run of the same config where the marked one was."""
        run.model.load_state_dict(self.model)
        for parameter, grad in zip(run.model.parameters(), self.grads, strict=True):
            parameter.grad = copy.deepcopy(grad)
        run.model.train(self.training)
        run.optimizer.load_state_dict(copy.deepcopy(self.optimizer))
        if self.random is not None:
            run.generator.set_state(self.random)

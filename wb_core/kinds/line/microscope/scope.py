"""A run of which every epoch can be shown line by line."""

import copy
import dataclasses
import time
from collections.abc import Mapping
from typing import Any

from ..config import LinearConfig
from ..run import LinearRun
from .moments import Recorder, Trace
from .what_if import WHAT_IFS

INTERVAL = 50
"""The run saves its state at this interval of epochs, so that a look repeats at most this many."""


class Microscope:
    """Trains the run of a config, and can go back to any epoch and record each of its lines.

    `look` trains the epoch again from the nearest saved state, with the same step and the same bits. `what_if` names a
    change to the loop (see `WHAT_IFS`), `control` asks for the run to compare it with, `epochs` overrides the config's,
    and `start` is that of `LinearRun`.
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
        self._saved = [_SavedState(self.run)]

    def _new_run(self) -> LinearRun:
        return LinearRun(self.config, start=self.start, procedure=self.procedure)

    @property
    def epochs(self) -> int:
        """How many epochs can be shown: those that ran, and the one in which the run diverged."""
        return self.run.epoch + (self.run.diverged_at is not None)

    def advance(self, seconds: float) -> None:
        """Train the run for about `seconds`, at least until the next saved state."""
        deadline = time.perf_counter() + seconds
        while not self.run.done:
            self.run.advance(epochs=INTERVAL - self.run.epoch % INTERVAL)
            if self.run.epoch % INTERVAL == 0 and not self.run.done:
                self._saved.append(_SavedState(self.run))
            if time.perf_counter() >= deadline:
                break

    def look(self, epoch: int) -> Trace:
        """Record every line of an epoch, counted from 0."""
        if not 0 <= epoch < self.epochs:
            raise IndexError(f"epoch {epoch} of {self.epochs}")
        saved = self._saved[min(epoch // INTERVAL, len(self._saved) - 1)]
        again = self._new_run()
        saved.restore(again)
        again.epochs = epoch - saved.epoch + 1
        again.advance(epochs=epoch - saved.epoch)
        again.follow_schedule()
        recorder = Recorder(again)
        again.advance(epochs=1, on_line=recorder)
        return recorder.trace(epoch, self.skipped)


class _SavedState:
    """The state on which the next epoch depends: parameters, gradients, mode, optimizer and generator."""

    def __init__(self, run: LinearRun) -> None:
        self.epoch = run.epoch
        self.model = copy.deepcopy(run.model.state_dict())
        self.grads = [copy.deepcopy(parameter.grad) for parameter in run.model.parameters()]
        self.training = run.model.training
        self.optimizer: dict[str, Any] = copy.deepcopy(run.optimizer.state_dict())
        # 5 kB, needed only if an epoch draws random numbers.
        self.random = run.generator.get_state() if run.procedure.wrap else None

    def restore(self, run: LinearRun) -> None:
        """Put a new run of the same config into this state."""
        run.first_epoch = self.epoch
        run.follow_schedule(self.epoch - 1)
        run.model.load_state_dict(self.model)
        for parameter, grad in zip(run.model.parameters(), self.grads, strict=True):
            parameter.grad = copy.deepcopy(grad)
        run.model.train(self.training)
        run.optimizer.load_state_dict(copy.deepcopy(self.optimizer))
        if self.random is not None:
            run.generator.set_state(self.random)

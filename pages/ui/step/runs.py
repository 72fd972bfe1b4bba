"""The visitor's recorded run, and the run that a what-if is compared with."""

import dataclasses
import threading
import uuid
from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.fields import specs
from wb_core.kinds.line.microscope import Microscope, Trace

from ..labs.line.code import recipe
from ..labs.line.lab import LinearLab
from ..labs.run_lab import Latest
from ..training import InTurns


class StepRun(InTurns):
    """A microscope that `training.train` can train in slices, by one script run at a time."""

    def __init__(self, microscope: Microscope) -> None:
        super().__init__()
        self.microscope = microscope
        self.run = microscope.run
        self.stopped = False
        self.token = uuid.uuid4().hex
        self._last: Trace | None = None
        self._diagnosis = Latest[wb.Diagnosis]()

    @property
    def done(self) -> bool:
        """Whether training is finished, or was stopped by the visitor."""
        return self.run.done or (self.stopped and self.microscope.epochs > 0)

    @property
    def diagnosis(self) -> wb.Diagnosis:
        """The diagnosis of what ran so far."""
        run = self.run
        return self._diagnosis.get(
            (run.epoch, run.diverged_at), lambda: wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)
        )

    def _train(self, seconds: float) -> None:
        self.microscope.advance(seconds)

    def stop(self) -> None:
        """Stop training; the epochs that ran can be shown."""
        self.take_turn()
        self.stopped = True

    def resume(self) -> None:
        """Continue the training that `stop` has ended."""
        self.stopped = False

    def look(self, epoch: int) -> Trace:
        """One epoch line by line; the last one is cached, since the visitor stays in it for several lines."""
        with self._lock:
            if self._last is None or self._last.epoch != epoch:
                self._last = self.microscope.look(epoch)
            return self._last


@dataclass(frozen=True)
class Runs:
    """The displayed run, and with a what-if the run to compare it with."""

    main: StepRun
    control: StepRun | None

    @property
    def config(self) -> wb.LinearConfig:
        """The config that makes the run, with the run's number of epochs."""
        return dataclasses.replace(self.main.run.config, epochs=self.main.run.epochs)

    @property
    def all(self) -> tuple[StepRun, ...]:
        """All runs that the page shows."""
        return (self.main,) if self.control is None else (self.main, self.control)

    def shared(self, config: wb.LinearConfig) -> wb.LinearConfig:
        """`config` for a link, with the epochs of the run if a link allows that many."""
        most = specs(config)["epochs"].offered[1]
        return dataclasses.replace(config, epochs=int(min(self.main.run.epochs, most)))


class StepLab:
    """The visitor's runs on the step page, made anew only when their settings change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: tuple[Any, Runs] | None = None
        self.heard = 0.0  # when the browser says that the visitor came to this place

    def follow(self, config: wb.LinearConfig, what_if: str, lab: LinearLab) -> Runs:
        """The run of these settings, changed by a what-if.

        It has the number of epochs and the initial parameters of the run in the linear-regression lab.
        """
        there = recipe(lab) if lab.run.config == config else None
        epochs = there.config.epochs if there else config.epochs
        start = there.start if there else None
        made_of = config, what_if, epochs, start
        with self._lock:  # two script runs of one visitor may ask at once
            if self._made is None or self._made[0] != made_of:
                scope = StepRun(Microscope(config, epochs=epochs, start=start, what_if=what_if))
                control = None
                if what_if != "none":
                    control = StepRun(Microscope(config, epochs=epochs, start=start, what_if=what_if, control=True))
                self._made = made_of, Runs(scope, control)
            return self._made[1]

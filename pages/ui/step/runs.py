"""The visitor's run under the microscope, and the run that a change of the loop is compared with."""

import dataclasses
import threading
import uuid
from typing import Any

import wb_core as wb
from wb_core.fields import specs
from wb_core.microscope import Microscope, Trace

from ..linear_lab import LinearLab


class Scope:
    """A microscope that `training.train` can train: in slices, by one script run at a time."""

    def __init__(self, microscope: Microscope) -> None:
        self.microscope = microscope
        self.run = microscope.run
        self.stopped = False
        self.token = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._turn = 0
        self._last: Trace | None = None

    @property
    def done(self) -> bool:
        """Whether there is nothing left to train, or the visitor wants no more."""
        return self.run.done or self.stopped

    def take_turn(self) -> int:
        """From here on, only who knows the turn that this returns may train."""
        with self._lock:
            self._turn += 1
            return self._turn

    def advance(self, turn: int, seconds: float) -> bool:
        """Train for some time, and say whether whoever has this turn may go on."""
        with self._lock:
            if turn == self._turn:
                self.microscope.advance(seconds)
            return turn == self._turn

    def stop(self) -> None:
        """Train no more; the epochs that ran can be looked at."""
        self.take_turn()
        self.stopped = True

    def look(self, epoch: int) -> Trace:
        """One epoch line by line; the last one is remembered, since the visitor stays in it for several lines."""
        with self._lock:
            if self._last is None or self._last.epoch != epoch:
                self._last = self.microscope.look(epoch)
            return self._last


class StepLab:
    """The runs on show on the page of the single step."""

    def __init__(self) -> None:
        self._made_of: Any = None
        self.scope: Scope
        self.control: Scope | None

    @property
    def config(self) -> wb.LinearConfig:
        """The config that makes the run under the microscope, with as many epochs as it has."""
        return dataclasses.replace(self.scope.run.config, epochs=self.scope.run.epochs)

    def shared(self, config: wb.LinearConfig) -> wb.LinearConfig:
        """`config` for a link: with the epochs of the run, where a link may ask for so many."""
        most = specs(config)["epochs"].offered[1]
        return dataclasses.replace(config, epochs=int(min(self.scope.run.epochs, most)))

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """All runs that the page shows."""
        return (self.scope,) if self.control is None else (self.scope, self.control)

    def follow(self, config: wb.LinearConfig, what_if: str, lab: LinearLab) -> None:
        """Have the run of these settings under the microscope; as long as they stay the same, so does the run.

        What the linear-regression lab did beyond its settings counts too: more epochs, a start from a checkpoint.
        """
        on_show = lab.run.config == config
        epochs = max(lab.run.epochs, config.epochs) if on_show else config.epochs
        start = lab.run.start if on_show and lab.loaded else None
        made_of = config, what_if, epochs, start
        if made_of == self._made_of:
            return
        self.scope = Scope(Microscope(config, epochs=epochs, start=start, what_if=what_if))
        self.control = None
        if what_if != "none":
            self.control = Scope(Microscope(config, epochs=epochs, start=start, what_if=what_if, control=True))
        self._made_of = made_of

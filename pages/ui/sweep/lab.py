"""What one visitor is doing on the sweep page: the sweep under way or on show, and the run that was chosen in it."""

import threading
from collections.abc import Callable
from typing import Any

import wb_core as wb

from .view import SweepView


class SweepLab:
    """The visitor's sweep. Whoever trains must have the turn: a newer script run takes it away (see `LinearLab`)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = 0
        self.work: wb.Sweep | None = None
        self.stopped = False
        self.view = SweepView()
        self.chosen: int | None = None
        self.number = 0  # of the sweep in this visit
        self.leaving: wb.LinearConfig | None = None  # the run that is to be opened in its lab
        self._run: tuple[int, int, wb.LinearRun] | None = None
        self._made: dict[tuple[object, ...], Any] = {}

    def begin(self, config: wb.LinearConfig, axes: dict[str, Any], view: SweepView) -> None:
        """Begin a sweep, which `view` describes; `ConfigError` if it is too large, and then the one on show stays."""
        work = wb.Sweep(config, **axes)
        with self._lock:
            self._turn += 1
            self.work, self.view, self.stopped, self.chosen = work, view, False, None
        self.number += 1
        self._made.clear()

    @property
    def busy(self) -> bool:
        """Whether a sweep is to be gone on with."""
        return self.work is not None and not self.work.done and not self.stopped

    def stop(self) -> None:
        """Let it be as far as it came."""
        with self._lock:
            self._turn += 1
            self.stopped = True

    def take_turn(self) -> int:
        """From here on, only who knows the turn that this returns may train."""
        with self._lock:
            self._turn += 1
            return self._turn

    def advance(self, turn: int, seconds: float) -> bool:
        """Train for some time, and say whether whoever has this turn may go on."""
        with self._lock:
            if turn == self._turn and self.work is not None:
                self.work.advance(seconds)
            return turn == self._turn

    def choose(self, run: int | None) -> None:
        """Look at one of the runs."""
        if run is None or (self.work is not None and 0 <= run < len(self.work.axes)):
            self.chosen = run

    def once(self, what: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """A table or a picture of the sweep on show, made once: it does not change any more."""
        if self.busy:
            return make()
        if what not in self._made:
            self._made[what] = make()
        return self._made[what]

    def leave_for(self, config: wb.LinearConfig) -> None:
        """Open a run in its lab, as soon as the script runs: before it draws what holds the same settings."""
        self.leaving = config

    @property
    def run(self) -> wb.LinearRun | None:
        """The chosen run, trained again."""
        if self.work is None or self.chosen is None:
            return None
        if self._run is None or self._run[:2] != (self.number, self.chosen):
            self._run = self.number, self.chosen, self.work.result.run(self.chosen)
        return self._run[2]

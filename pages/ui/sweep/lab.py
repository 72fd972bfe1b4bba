"""What one visitor is doing on a sweep page: the sweep on show, and the run that was chosen in it."""

import threading
from collections.abc import Callable
from typing import Any

import pandas as pd

import wb_core as wb

from .view import SweepView


class Lab:
    """What both sweep pages have in common. `view` describes the sweep on show."""

    def __init__(self, view: SweepView) -> None:
        self.view = view
        self.number = 0  # of the sweep in this visit
        self.chosen: int | None = None
        self.by_itself = False  # nobody chose it: it was the best one
        self.marked: int | None = None  # the run that the picture itself marks; the others are marked by the browser
        self.marks = 0  # how often the picture had to mark one
        self.shown = ""  # what was last on show of the runs
        self.leaving: Any = None  # the config that is to be opened in its lab
        self._made: dict[tuple[object, ...], tuple[object, Any]] = {}

    @property
    def axes(self) -> wb.Axes | None:
        """The axes of the sweep on show, if there is one."""
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Whether more will come of it."""
        raise NotImplementedError

    def table(self) -> pd.DataFrame:
        """The table of the sweep on show, as it is now."""
        raise NotImplementedError

    def frame(self) -> pd.DataFrame:
        """The same, made once where it does not change any more."""
        frame: pd.DataFrame = self.once(("frame",), self.table)
        return frame

    @property
    def varied(self) -> list[str]:
        """The settings that differ from run to run."""
        return [] if self.axes is None else [name for name, values in self.axes.values.items() if len(values) > 1]

    def stale(self, config: Any, view: SweepView) -> bool:
        """Whether the controls ask for another sweep than the one on show."""
        return self.axes is not None and (config, view) != (self.axes.config, self.view)

    def choose(self, run: int | None, *, mark: bool = False, by_itself: bool = False) -> None:
        """Look at one of the runs; the browser marks a cell that was clicked, any other has to be marked."""
        if run is None or (self.axes is not None and 0 <= run < len(self.axes)):
            self.chosen, self.by_itself = run, by_itself
            if mark:
                self.marked = run
                self.marks += 1

    def show(self, what: str) -> None:
        """Another number of the runs, or another picture of them, is on show: it has to mark the chosen one itself."""
        if what != self.shown:
            self.shown, self.marked = what, self.chosen

    def once(self, what: tuple[object, ...], make: Callable[[], Any], now: object = None) -> Any:
        """A table or a picture of the sweep on show, made once: when it has ended, it does not change any more.

        What also depends on something that does is made again for another `now`, and only the last one is kept.
        `make` has to take from the lab all that it is made of: see `_begun`.
        """
        made = self._made
        if self.busy:
            return make()
        found = made.get(what)
        if found is None or found[0] != now:
            found = made[what] = now, make()
        return found[1]

    def leave_for(self, config: Any) -> None:
        """Open a run in its lab, as soon as the script runs: before it draws what holds the same settings."""
        self.leaving = config

    def _begun(self, view: SweepView) -> None:
        """Another sweep is on show from here on.

        A script run that was left behind may still make something of the one before: that goes where nobody looks any
        more, as a run first takes hold of where it puts things, and then of the sweep.
        """
        self.view, self.chosen, self.marked = view, None, None
        self.number += 1
        self._made = {}


class SweepLab(Lab):
    """A sweep of lines. Whoever trains must have the turn: a newer script run takes it away (see `LinearLab`)."""

    def __init__(self) -> None:
        super().__init__(SweepView())
        self._lock = threading.Lock()
        self._turn = 0
        self.work: wb.Sweep | None = None
        self.stopped = False
        self._run: tuple[int, int, wb.LinearRun] | None = None

    @property
    def axes(self) -> wb.Axes | None:
        return self.work.axes if self.work else None

    def begin(self, config: wb.LinearConfig, axes: dict[str, Any], view: SweepView) -> None:
        """Begin a sweep, which `view` describes; `ConfigError` if it is too large, and then the one on show stays."""
        work = wb.Sweep(config, **axes)
        with self._lock:
            self._turn += 1
            self.work, self.stopped = work, False
        self._begun(view)

    @property
    def busy(self) -> bool:
        return self.work is not None and not self.work.done and not self.stopped

    def table(self) -> pd.DataFrame:
        assert self.work is not None  # noqa: S101
        return self.work.result.frame()

    def stop(self) -> None:
        """Let it be as far as it came."""
        with self._lock:
            self._turn += 1
            self.stopped = True

    def resume(self) -> None:
        """Go on with a sweep that was stopped."""
        self.stopped = False
        self._made = {}
        if self.by_itself:
            self.choose(None)

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

    @property
    def run(self) -> wb.LinearRun | None:
        """The chosen run, trained again."""
        if self.work is None or self.chosen is None:
            return None
        if self._run is None or self._run[:2] != (self.number, self.chosen):
            self._run = self.number, self.chosen, self.work.result.run(self.chosen)
        return self._run[2]

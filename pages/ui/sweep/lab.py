"""The state of a sweep page: the displayed sweep, and the run selected in it."""

import threading
from collections.abc import Callable
from typing import Any

import pandas as pd

import wb_core as wb

from .view import SweepView


class SweepLab:
    """The state that both sweep pages share. `view` describes the displayed sweep."""

    def __init__(self, view: SweepView) -> None:
        self.view = view
        self.number = 0  # counts the sweeps of this visit
        self.chosen: int | None = None
        self.chosen_by_default = False  # the best run, before the visitor chose one
        self.marked: int | None = None  # the run that the figure itself selects; others are selected by the browser
        self.mark_count = 0  # how often the figure had to select one
        self.displayed = ""  # the display and measure of the last script run
        self.leaving: Any = None  # the config to open in its lab
        self._made: dict[tuple[object, ...], tuple[object, Any]] = {}

    @property
    def axes(self) -> wb.Axes | None:
        """The axes of the displayed sweep, if there is one."""
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Whether the sweep is still running."""
        raise NotImplementedError

    def table(self) -> pd.DataFrame:
        """The current table of the displayed sweep."""
        raise NotImplementedError

    def frame(self) -> pd.DataFrame:
        """The same, cached once the sweep has ended."""
        frame: pd.DataFrame = self.cached(("frame",), self.table)
        return frame

    @property
    def varied(self) -> list[str]:
        """The settings that differ from run to run."""
        return [] if self.axes is None else [name for name, values in self.axes.values.items() if len(values) > 1]

    def stale(self, config: Any, view: SweepView) -> bool:
        """Whether the controls hold another sweep than the displayed one."""
        return self.axes is not None and (config, view) != (self.axes.config, self.view)

    def choose(self, run: int | None, *, mark: bool = False, chosen_by_default: bool = False) -> None:
        """Select a run; the browser marks a clicked cell itself, any other one needs `mark`."""
        if run is None or (self.axes is not None and 0 <= run < len(self.axes)):
            self.chosen, self.chosen_by_default = run, chosen_by_default
            if mark:
                self.marked = run
                self.mark_count += 1

    def show(self, what: str) -> None:
        """Note the display and measure: a new figure has to select the chosen run itself."""
        if what != self.displayed:
            self.displayed, self.marked = what, self.chosen

    def cached(self, what: tuple[object, ...], make: Callable[[], Any], now: object = None) -> Any:
        """A table or figure of the displayed sweep, cached under `what` once the sweep has ended.

        Another `now` makes it again; only the last one is kept. `make` must read all its inputs from the lab: see
        `_reset`.
        """
        made = self._made
        if self.busy:
            return make()
        found = made.get(what)
        if found is None or found[0] != now:
            found = made[what] = now, make()
        return found[1]

    def open_in_lab(self, config: Any) -> None:
        """Open a run in its lab at the start of the next script run, before widgets with the same keys are drawn."""
        self.leaving = config

    def _reset(self, view: SweepView) -> None:
        """Display another sweep.

        An outdated script run may still cache something of the previous one: it lands in the old dictionary, which
        `cached` took before the sweep.
        """
        self.view, self.chosen, self.marked = view, None, None
        self.number += 1
        self._made = {}


class LineSweepLab(SweepLab):
    """A sweep of lines. To train, a script run needs the turn, which a newer one takes away (see `LinearLab`)."""

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
        """Begin a sweep; `ConfigError` if it is too large, and then the displayed one stays."""
        work = wb.Sweep(config, **axes)
        with self._lock:
            self._turn += 1
            self.work, self.stopped = work, False
        self._reset(view)

    @property
    def busy(self) -> bool:
        return self.work is not None and not self.work.done and not self.stopped

    def table(self) -> pd.DataFrame:
        assert self.work is not None  # noqa: S101
        return self.work.result.frame()

    def stop(self) -> None:
        """Stop; results so far stay."""
        with self._lock:
            self._turn += 1
            self.stopped = True

    def resume(self) -> None:
        """Continue a stopped sweep."""
        self.stopped = False
        self._made = {}
        if self.chosen_by_default:
            self.choose(None)

    def take_turn(self) -> int:
        """A new turn: only its holder may train from here on."""
        with self._lock:
            self._turn += 1
            return self._turn

    def advance(self, turn: int, seconds: float) -> bool:
        """Train for `seconds`; returns whether this turn may continue."""
        with self._lock:
            if turn == self._turn and self.work is not None:
                self.work.advance(seconds)
            return turn == self._turn

    @property
    def run(self) -> wb.LinearRun | None:
        """The selected run, trained again."""
        if self.work is None or self.chosen is None:
            return None
        if self._run is None or self._run[:2] != (self.number, self.chosen):
            self._run = self.number, self.chosen, self.work.result.run(self.chosen)
        return self._run[2]

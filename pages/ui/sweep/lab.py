"""The session's state of a sweep page: the displayed sweep, and the run selected in it."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

import wb_core as wb

from ..figures.sweep import INCOMPLETE
from ..i18n import _
from .view import SweepView

if TYPE_CHECKING:
    from .results import Results


class SweepLab(ABC):
    """The session's sweep of one kind. `view` describes the displayed sweep; subclasses execute it."""

    def __init__(self, view: SweepView, numbers: Iterator[int] | None = None) -> None:
        self.view = view
        self.number = 0  # of the displayed sweep; `numbers` counts the session's sweeps of all kinds
        self._numbers = itertools.count(1) if numbers is None else numbers
        self.chosen: int | None = None
        self.chosen_by_default = False  # the best run, until the user selects one
        self.marked: int | None = None  # the run that the figure must select; clicked runs the browser selects itself
        self.mark_count = 0  # how often the figure had to select a run
        self.displayed = ""  # the display and measure of the last script run
        self.leaving: Any = None  # the config to open in its lab
        self.unasked = False  # the displayed sweep is the one with which the page opens
        self._made: dict[tuple[object, ...], tuple[object, Any]] = {}

    @property
    @abstractmethod
    def axes(self) -> wb.Axes | None:
        """The axes of the displayed sweep, if there is one."""

    @property
    @abstractmethod
    def busy(self) -> bool:
        """Whether the sweep is still running."""

    @property
    @abstractmethod
    def selected(self) -> Any:
        """The selected run or its report; None without one."""

    @property
    def ended_job(self) -> str | None:
        """The ticket of the selected run's job, if it has ended."""
        return None

    @abstractmethod
    def begin(self, config: Any, axes: dict[str, Any], view: SweepView) -> None:
        """Start a sweep. Raises `ConfigError`, and keeps the displayed sweep, if it is too large."""

    def open(self, config: Any, axes: dict[str, Any], view: SweepView) -> None:
        """Start the sweep with which the page opens; it gives way to any other."""
        self.begin(config, axes, view)
        self.unasked = True

    @abstractmethod
    def stop(self) -> None:
        """Stop the sweep; results so far stay."""

    @abstractmethod
    def table(self) -> pd.DataFrame:
        """The current table of the displayed sweep."""

    @abstractmethod
    def draw(self, results: "Results", *, stale: bool) -> None:
        """Draw the displayed sweep and continue it. `stale` says that the controls have changed."""

    @property
    @abstractmethod
    def saved(self) -> dict[str, Any] | None:
        """What a later session needs to display the sweep again, as JSON; None without one."""

    @abstractmethod
    def take_over(self, saved: dict[str, Any], axes: Callable[[SweepView, Any], dict[str, Any]]) -> None:
        """Display the sweep of an earlier session, unless there is another one. `axes` gives the axes of a view.

        Raises `ValueError`, `KeyError` or `ConfigError` for anything else.
        """

    def frame(self) -> pd.DataFrame:
        """The current table, cached once the sweep has ended."""
        frame: pd.DataFrame = self.cached(("frame",), self.table)
        return frame

    @property
    def ended(self) -> int:
        """The number of runs that have a result, good or bad."""
        frame = self.frame()
        return int((~frame["diagnosis" if "diagnosis" in frame else "outcome"].isin(INCOMPLETE)).sum())

    def ended_sentence(self, *, stopped: bool) -> str:
        """How many runs have a result."""
        text = _("Stopped: {ended} of {all} runs finished.") if stopped else _("{ended} of {all} runs finished")
        return text.format(ended=f"{self.ended:,}", all=f"{len(self.frame()):,}")

    @property
    def varied(self) -> list[str]:
        """The settings that differ from run to run."""
        return [] if self.axes is None else [name for name, values in self.axes.values.items() if len(values) > 1]

    def stale(self, config: Any, view: SweepView) -> bool:
        """Whether the controls describe another sweep than the displayed one."""
        return self.axes is not None and (config, view) != (self.axes.config, self.view)

    def choose(self, run: int | None, *, mark: bool = False, chosen_by_default: bool = False) -> None:
        """Select a run. The browser marks a clicked cell itself; any other cell needs `mark`."""
        if run is None or (self.axes is not None and 0 <= run < len(self.axes)):
            self.chosen, self.chosen_by_default = run, chosen_by_default
            if mark:
                self.marked = run
                self.mark_count += 1

    def show(self, what: str) -> None:
        """Record the display and measure; if they change, the new figure must select the chosen run itself."""
        if what != self.displayed:
            self.displayed, self.marked = what, self.chosen

    def cached(self, what: tuple[object, ...], make: Callable[[], Any], now: object = None) -> Any:
        """A table or figure of the displayed sweep, cached under `what` once the sweep has ended.

        Another `now` recomputes it; only the last value is cached. `make` must read all its inputs from the lab (see
        `_reset`).
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
        # The browser forgets what it has marked.
        self.choose(self.chosen, mark=True, chosen_by_default=self.chosen_by_default)

    def _reset(self, view: SweepView) -> None:
        """Display another sweep.

        An outdated script run may still cache values of the previous sweep. They end up in the old dictionary, because
        `cached` reads the dictionary before the sweep.
        """
        self.view, self.chosen, self.marked, self.unasked = view, None, None, False
        self.number = next(self._numbers)
        self._made = {}

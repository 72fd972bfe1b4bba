"""What the lab displays as plain data, from which it is trained again to the last bit."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import wb_core as wb

from ...session import share

MAX_EPOCHS = 60_000
"""No lab continues a run beyond this."""

MAX_BRANCHES = 2000
"""The most letters of the branches of a run."""

MAX_START = 1e6
"""The largest parameter of a checkpoint."""


@dataclass(frozen=True, kw_only=True)
class SavedRun:
    """A run of `config` that was trained `epochs` of `planned` epochs.

    `start` are its first parameters if they came from a checkpoint. Raises `ValueError` for values that no run has.
    """

    config: wb.LinearConfig
    epochs: int
    planned: int
    start: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if not all(type(count) is int for count in (self.epochs, self.planned)):
            raise ValueError("epochs are whole numbers")
        if not 0 <= self.epochs <= self.planned <= MAX_EPOCHS:
            raise ValueError("a run has at most its planned epochs")
        if self.start is not None:
            if self.start.keys() != {"weight", "bias"}:
                raise ValueError("a line has two parameters")
            for value in self.start.values():
                if type(value) is not float or not math.isfinite(value) or abs(value) > MAX_START:
                    raise ValueError("a parameter is a finite number")

    def run(self) -> wb.Run:
        """The run before its training. Its goal are the epochs that it was trained, if it was."""
        run = wb.Run(self.config, start=self.start)
        run.epochs = self.epochs or self.planned
        return run

    def plain(self) -> dict[str, Any]:
        """The run as JSON."""
        start = None if self.start is None else dict(self.start)
        return {
            "config": share.encode(self.config, by_name=True),
            "epochs": self.epochs,
            "planned": self.planned,
            "start": start,
        }

    @classmethod
    def read(cls, given: Any) -> "SavedRun":
        """The run that `plain` has written. Raises `ValueError` for anything else."""
        if not isinstance(given, dict) or given.keys() != {"config", "epochs", "planned", "start"}:
            raise ValueError("this is no run")
        start = given["start"]
        if start is not None and not isinstance(start, dict):
            raise ValueError("this is no start")
        [config] = share.read_texts(given["config"], wb.LinearConfig)
        return cls(config=config, epochs=given["epochs"], planned=given["planned"], start=start)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The settings in the controls, the displayed run, and the text of its branches (see `BranchesView`).

    The run is None for the untrained model of these settings. It has other settings only in its number of epochs, after
    more of them were added.
    """

    settings: wb.LinearConfig
    run: SavedRun | None
    branches: str = ""

    def plain(self) -> dict[str, Any]:
        """The snapshot as JSON."""
        run = self.run and self.run.plain()
        return {"settings": share.encode(self.settings, by_name=True), "run": run, "branches": self.branches}

    @classmethod
    def read(cls, given: Any) -> "Snapshot":
        """The snapshot that `plain` has written. Raises `ValueError` for anything else."""
        if not isinstance(given, dict) or given.keys() - {"branches"} != {"settings", "run"}:  # older ones have none
            raise ValueError("this is no snapshot")
        branches = given.get("branches", "")
        if not isinstance(branches, str) or len(branches) > MAX_BRANCHES:
            raise ValueError("these are no branches")
        [settings] = share.read_texts(given["settings"], wb.LinearConfig)
        run = None if given["run"] is None else SavedRun.read(given["run"])
        if run is not None and dataclasses.replace(run.config, epochs=settings.epochs) != settings:
            raise ValueError("a run has the settings of its snapshot")
        return cls(settings=settings, run=run, branches=branches)


FIRST = Snapshot(settings=wb.LinearConfig(), run=None)
"""What the lab of a new session displays."""

"""What a lab displays as plain data, from which it is trained again to the last bit."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.points import points_fields

from ..session import share

MAX_EPOCHS = 60_000
"""No lab continues a run beyond this."""

MAX_BRANCHES = 2000
"""The most letters of the branches of a run."""

Start = Mapping[str, float] | Sequence[float]
"""The first parameters of a run: by name for a line, else all in a row."""


@dataclass(frozen=True, kw_only=True)
class SavedRun:
    """A run of `config` that was trained `epochs` of `planned` epochs.

    `start` are its first parameters if they came from a checkpoint. Raises `ValueError` for values that no run has.
    """

    config: Any
    epochs: int
    planned: int
    start: Start | None = None

    def __post_init__(self) -> None:
        if not all(type(count) is int for count in (self.epochs, self.planned)):
            raise ValueError("epochs are whole numbers")
        if not 0 <= self.epochs <= self.planned <= MAX_EPOCHS:
            raise ValueError("a run has at most its planned epochs")
        if self.start is not None:
            wb.kind_of(self.config).run.check_start(self.config, self.start)

    def run(self) -> wb.Run:
        """The run before its training. Its goal are the epochs that it was trained, if it was."""
        run = wb.Run(self.config) if self.start is None else wb.Run(self.config, start=self.start)
        run.epochs = self.epochs or self.planned
        return run

    def plain(self) -> dict[str, Any]:
        """The run as JSON."""
        start = dict(self.start) if isinstance(self.start, Mapping) else self.start and list(self.start)
        return {
            "config": share.encode(self.config, by_name=True),
            "epochs": self.epochs,
            "planned": self.planned,
            "start": start,
        }

    @classmethod
    def read(cls, given: Any, config_class: type) -> "SavedRun":
        """The run that `plain` has written. Raises `ValueError` for anything else."""
        if not isinstance(given, dict) or given.keys() != {"config", "epochs", "planned", "start"}:
            raise ValueError("this is no run")
        start = given["start"]
        if start is not None and not isinstance(start, dict | list):
            raise ValueError("this is no start")
        start = tuple(start) if isinstance(start, list) else start
        [config] = share.read_texts(given["config"], config_class)
        return cls(config=config, epochs=given["epochs"], planned=given["planned"], start=start)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The settings in the controls, the displayed run, and the text of its branches (see `BranchesView`).

    The run is None for the untrained model of these settings. It has other settings only in its number of epochs, after
    more of them were added.
    """

    settings: Any
    run: SavedRun | None
    branches: str = ""

    @property
    def points(self) -> Sequence[Any]:
        """The points of one's own in these settings."""
        [name] = points_fields(self.settings)
        points: Sequence[Any] = getattr(self.settings, name)
        return points

    def plain(self) -> dict[str, Any]:
        """The snapshot as JSON."""
        run = self.run and self.run.plain()
        return {"settings": share.encode(self.settings, by_name=True), "run": run, "branches": self.branches}

    @classmethod
    def read(cls, given: Any, config_class: type) -> "Snapshot":
        """The snapshot that `plain` has written. Raises `ValueError` for anything else."""
        if not isinstance(given, dict) or given.keys() - {"branches"} != {"settings", "run"}:  # older ones have none
            raise ValueError("this is no snapshot")
        branches = given.get("branches", "")
        if not isinstance(branches, str) or len(branches) > MAX_BRANCHES:
            raise ValueError("these are no branches")
        [settings] = share.read_texts(given["settings"], config_class)
        run = None if given["run"] is None else SavedRun.read(given["run"], config_class)
        if run is not None and dataclasses.replace(run.config, epochs=settings.epochs) != settings:
            raise ValueError("a run has the settings of its snapshot")
        return cls(settings=settings, run=run, branches=branches)

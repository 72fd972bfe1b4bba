"""A sweep as a table of records."""

from abc import ABC, abstractmethod
from typing import Any

import pandas as pd

from ..records import RunRecord
from .axes import Axes


class SweepTable(ABC):
    """The interface of every sweep. Runs are numbered as in `Axes`."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes

    def __len__(self) -> int:
        return len(self.axes)

    def config(self, run: int) -> Any:
        """The config of a run."""
        return self.axes.config_of(run)

    @abstractmethod
    def record(self, run: int) -> RunRecord:
        """The record of a run."""

    @abstractmethod
    def results(self) -> pd.DataFrame:
        """The metrics and the outcome of each run, one row per run."""

    def frame(self) -> pd.DataFrame:
        """One row per run: the values of its axes, then the columns of `results`."""
        places = self.axes.places()
        settings = {name: pd.Series(self.axes.values[name]).take(at).to_numpy() for name, at in places.items()}
        return pd.concat([pd.DataFrame(settings, index=range(len(self))), self.results()], axis=1)

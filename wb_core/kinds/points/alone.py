"""A run that trains alone, in the form of a batch."""

from collections.abc import Sequence

import numpy as np
import torch

from .config import PointsConfig
from .run import PointsRun

SECONDS = 0.02  # of a piece of training


class Alone:
    """A batch of the one run that no others can join; see `Batch`. The epochs after a divergence are nan."""

    def __init__(self, configs: Sequence[PointsConfig]) -> None:
        [config] = configs
        self._run = PointsRun(config)
        self.record = torch.full((config.epochs, len(PointsRun.columns), 1), torch.nan, dtype=torch.float64)

    @property
    def epochs(self) -> int:
        return self._run.epoch

    @property
    def done(self) -> bool:
        return self._run.done

    def advance(self) -> None:
        before = self.epochs
        self._run.advance(seconds=SECONDS)
        history = self._run.history
        for place, name in enumerate(history.columns):
            new = history.column(name)[before:]
            self.record[before : self.epochs, place, 0] = torch.tensor(new, dtype=torch.float64)

    def parameters(self, rows: slice, epochs: np.ndarray) -> np.ndarray:
        [last] = epochs
        row: torch.Tensor = self._run.parameters[last - 1] if last else self._run.start
        return row.numpy()[None]

"""Models side by side: what several of them predict for the same pictures, and the true classes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch

from ..base.errors import TrayError
from ..kinds.images.data import CLASSES
from ..kinds.images.stored_predictions import StoredPredictions
from .kept_run import KeptRun


@dataclass(frozen=True, eq=False)
class SideBySide:
    """The predictions of one or more models for N pictures whose classes are y (N,).

    Raises `TrayError` ("tray.bad_value") where one of them is for another number of pictures.
    """

    predictions: Sequence[StoredPredictions]
    y: torch.Tensor

    def __post_init__(self) -> None:
        if not self.predictions or any(len(one) != len(self.y) for one in self.predictions):
            raise TrayError("tray.bad_value", "the predictions are for other pictures", field="answers")

    @cached_property
    def predicted(self) -> torch.Tensor:
        """What each model says of each picture: (models, N)."""
        return torch.stack([one.predicted for one in self.predictions])

    @cached_property
    def confidence(self) -> torch.Tensor:
        """How sure it is of that, in percent: (models, N)."""
        return torch.stack([one.confidence for one in self.predictions])

    @cached_property
    def right(self) -> torch.Tensor:
        """Whether that is what the picture is: (models, N) bool."""
        return self.predicted == self.y

    @cached_property
    def counts(self) -> torch.Tensor:
        """How many pictures there are of each class: (classes,)."""
        return self.y.bincount(minlength=len(CLASSES))

    @cached_property
    def class_accuracy(self) -> torch.Tensor:
        """How many percent of the pictures of each class are answered rightly: (models, classes); nan of no picture."""
        found = torch.stack([self.y[right].bincount(minlength=len(CLASSES)) for right in self.right])
        return 100 * found / self.counts

    @cached_property
    def weakest(self) -> list[list[int]]:
        """The class that each model knows least; all that it knows as little."""
        rates = self.class_accuracy.nan_to_num(nan=torch.inf)
        return [(row == row.min()).nonzero().flatten().tolist() for row in rates]

    @cached_property
    def disagree(self) -> torch.Tensor:
        """The places of the pictures that some model gets right and some model wrong, the most confident first."""
        return self._surest(self.right.any(dim=0) & ~self.right.all(dim=0))

    @cached_property
    def all_wrong(self) -> torch.Tensor:
        """The places of the pictures that every model gets wrong, the most confident first."""
        return self._surest(~self.right.any(dim=0))

    def _surest(self, mask: torch.Tensor) -> torch.Tensor:
        """Places by how sure the models are together."""
        places = mask.nonzero().flatten()
        return places[self.confidence.sum(dim=0)[places].argsort(descending=True, stable=True)]


def belongs(run: KeptRun, y: torch.Tensor) -> bool:
    """Whether the predictions of a run are for the pictures with these classes (N,), so that they give its accuracy.

    That accuracy is the mean over the batches of the test.
    """
    if run.predictions is None:
        return False
    if len(run.predictions) != len(y):
        return False
    right, size = (run.predictions.predicted == y).to(torch.float64), run.config.batch_size
    sizes = torch.full((math.ceil(len(y) / size),), size, dtype=torch.float64)
    sizes[-1] = len(y) - size * (len(sizes) - 1)
    padded = torch.nn.functional.pad(right, (0, size * len(sizes) - len(y)))
    accuracy = 100 * (padded.reshape(len(sizes), size).sum(dim=1) / sizes).mean().item()
    return abs(accuracy - run.last("test_accuracy")) < 1e-3

"""The predictions of several models for the same images, compared with the labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch

from ..base.errors import TrayError
from ..kinds.images.data import CLASSES
from ..kinds.images.metrics import accuracy
from ..kinds.images.stored_predictions import StoredPredictions
from .kept_run import KeptRun


@dataclass(frozen=True, eq=False)
class SideBySide:
    """The predictions of one or more models for N images with the labels y (N,).

    Raises `TrayError` ("tray.bad_value") if a model has another number of predictions.
    """

    predictions: Sequence[StoredPredictions]
    y: torch.Tensor

    def __post_init__(self) -> None:
        if not self.predictions or any(len(one) != len(self.y) for one in self.predictions):
            raise TrayError("tray.bad_value", "the predictions are for other pictures", field="answers")

    @cached_property
    def predicted(self) -> torch.Tensor:
        """The class that each model predicts for each image: (models, N)."""
        return torch.stack([one.predicted for one in self.predictions])

    @cached_property
    def confidence(self) -> torch.Tensor:
        """The confidence of each prediction in percent: (models, N)."""
        return torch.stack([one.confidence for one in self.predictions])

    @cached_property
    def right(self) -> torch.Tensor:
        """Whether each prediction is right: (models, N) bool."""
        return self.predicted == self.y

    @cached_property
    def counts(self) -> torch.Tensor:
        """The number of images of each class: (classes,)."""
        return self.y.bincount(minlength=len(CLASSES))

    @cached_property
    def class_accuracy(self) -> torch.Tensor:
        """The accuracy on each class in percent: (models, classes); nan for a class without images."""
        found = torch.stack([self.y[right].bincount(minlength=len(CLASSES)) for right in self.right])
        return 100 * found / self.counts

    @cached_property
    def weakest(self) -> list[list[int]]:
        """For each model, the classes with its lowest accuracy; several if tied."""
        rates = self.class_accuracy.nan_to_num(nan=torch.inf)
        return [(row == row.min()).nonzero().flatten().tolist() for row in rates]

    @cached_property
    def disagree(self) -> torch.Tensor:
        """The indices of the images that some models get right and others wrong, the most confident first."""
        return self._by_confidence(self.right.any(dim=0) & ~self.right.all(dim=0))

    @cached_property
    def all_wrong(self) -> torch.Tensor:
        """The indices of the images that every model gets wrong, the most confident first."""
        return self._by_confidence(~self.right.any(dim=0))

    def _by_confidence(self, mask: torch.Tensor) -> torch.Tensor:
        """The indices in a mask (N,), sorted by the models' total confidence."""
        places = mask.nonzero().flatten()
        return places[self.confidence.sum(dim=0)[places].argsort(descending=True, stable=True)]


def belongs(run: KeptRun, y: torch.Tensor) -> bool:
    """Whether the predictions of a run give its accuracy on the labels y (N,), so that they are for these images."""
    if run.predictions is None or len(run.predictions) != len(y):
        return False
    return abs(accuracy(run.predictions.predicted, y) - run.last("test_accuracy")) < 1e-3

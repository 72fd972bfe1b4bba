"""What a model predicts for pictures, next to their true classes."""

from dataclasses import dataclass
from functools import cached_property

import torch

from .metrics import confusion_matrix


@dataclass(frozen=True, eq=False)
class Predictions:
    """The logits (N, classes) of a model for N pictures, and their true classes y (N,)."""

    logits: torch.Tensor
    y: torch.Tensor

    @cached_property
    def probabilities(self) -> torch.Tensor:
        """The softmax of the logits: (N, classes); each row adds up to 1."""
        return self.logits.softmax(dim=1)

    @cached_property
    def predicted(self) -> torch.Tensor:
        """The most probable class of each picture: (N,)."""
        return self.logits.argmax(dim=1)

    @cached_property
    def confidence(self) -> torch.Tensor:
        """The probability of the predicted class: (N,)."""
        return self.probabilities.max(dim=1).values

    @cached_property
    def right(self) -> torch.Tensor:
        """Whether each prediction is the true class: (N,) bool."""
        return self.predicted == self.y

    @cached_property
    def confusion(self) -> torch.Tensor:
        """The confusion matrix (classes, classes): a row for each true class, a column for each predicted one."""
        return confusion_matrix(self.predicted, self.y, self.logits.shape[1])

    @property
    def never_predicted(self) -> tuple[int, ...]:
        """The classes that are predicted for none of the pictures."""
        counts = self.predicted.bincount(minlength=self.logits.shape[1])
        return tuple((counts == 0).nonzero().flatten().tolist())

    def cell(self, true: int, predicted: int) -> torch.Tensor:
        """The indices of the pictures in a cell of the confusion matrix, the most confident first."""
        return self._most_confident_first((self.y == true) & (self.predicted == predicted))

    @property
    def mistakes(self) -> torch.Tensor:
        """The indices of the wrong predictions, the most confident first."""
        return self._most_confident_first(~self.right)

    def confident_mistakes(self, percent: float) -> int:
        """How many wrong predictions have a confidence of at least this percentage."""
        return int((~self.right & (self.confidence >= percent / 100)).sum())

    def _most_confident_first(self, mask: torch.Tensor) -> torch.Tensor:
        places = mask.nonzero().flatten()
        return places[self.confidence[places].argsort(descending=True, stable=True)]

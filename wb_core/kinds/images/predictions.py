"""What a model said about pictures, beside what they are."""

from dataclasses import dataclass
from functools import cached_property

import torch

from .metrics import confusion_matrix


@dataclass(frozen=True, eq=False)
class Answers:
    """The logits (N, classes) that a model gave for N pictures, and what they are: y (N,)."""

    logits: torch.Tensor
    y: torch.Tensor

    @cached_property
    def probabilities(self) -> torch.Tensor:
        """How much the model believes in each class, as softmax says: (N, classes), each row adds up to 1."""
        return self.logits.softmax(dim=1)

    @cached_property
    def predicted(self) -> torch.Tensor:
        """The class that it believes in most: (N,)."""
        return self.logits.argmax(dim=1)

    @cached_property
    def confidence(self) -> torch.Tensor:
        """How much it believes in that: (N,)."""
        return self.probabilities.max(dim=1).values

    @cached_property
    def right(self) -> torch.Tensor:
        """Whether that is what the picture is: (N,) bool."""
        return self.predicted == self.y

    @cached_property
    def confusion(self) -> torch.Tensor:
        """How often each class was taken for each: (classes, classes), a row for each true class."""
        return confusion_matrix(self.predicted, self.y, self.logits.shape[1])

    @property
    def never_said(self) -> tuple[int, ...]:
        """The classes that it says to no picture at all."""
        said = self.predicted.bincount(minlength=self.logits.shape[1])
        return tuple((said == 0).nonzero().flatten().tolist())

    def cell(self, true: int, predicted: int) -> torch.Tensor:
        """The places of the pictures in a cell of the confusion matrix, the surest answers first."""
        return self._surest((self.y == true) & (self.predicted == predicted))

    @property
    def sure_and_wrong(self) -> torch.Tensor:
        """The places of the wrong answers, the surest first."""
        return self._surest(~self.right)

    def _surest(self, mask: torch.Tensor) -> torch.Tensor:
        places = mask.nonzero().flatten()
        return places[self.confidence[places].argsort(descending=True, stable=True)]

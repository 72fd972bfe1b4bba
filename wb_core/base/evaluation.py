"""The result of testing a model on data it does not learn from."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One test of a classifier: mean loss and accuracy (in percent) over the batches, and logits (N, classes)."""

    loss: float
    accuracy: float
    logits: torch.Tensor

"""The result of testing a model on data it does not learn from."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One test of a classifier: mean loss over the batches, accuracy in percent of all images, logits (N, classes)."""

    loss: float
    accuracy: float
    logits: torch.Tensor

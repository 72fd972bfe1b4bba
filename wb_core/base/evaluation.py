"""How a model did on data that it does not learn from."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One test of a classifier: means over its batches, `accuracy` in percent, and the `logits` (N, classes)."""

    loss: float
    accuracy: float
    logits: torch.Tensor

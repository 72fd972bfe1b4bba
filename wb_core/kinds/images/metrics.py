"""How good predictions of classes are, counted by torchmetrics and averaged as the notes do."""

import torch
from torchmetrics.functional.classification import multiclass_confusion_matrix, multiclass_stat_scores


def batch_accuracies(predicted: torch.Tensor, y: torch.Tensor, batch_size: int, classes: int) -> list[float]:
    """The percentage of right answers in each batch: predicted classes (N,) and true ones (N,), in the order of N.

    It is the notes' `accuracy_fn` for every batch at once; the last batch may be smaller.
    """
    whole = len(y) // batch_size * batch_size
    accuracies: list[float] = []
    for part, size in ((slice(0, whole), batch_size), (slice(whole, None), len(y) - whole)):
        if len(y[part]):
            scores = multiclass_stat_scores(
                predicted[part].reshape(-1, size),
                y[part].reshape(-1, size),
                num_classes=classes,
                average="micro",
                multidim_average="samplewise",
            )  # (batches, 5): true positives first
            accuracies += [right / size * 100 for right in scores[:, 0].tolist()]
    return accuracies


def confusion_matrix(predicted: torch.Tensor, y: torch.Tensor, classes: int) -> torch.Tensor:
    """How often each class was taken for each: (classes, classes) int64, a row for each true class."""
    counts: torch.Tensor = multiclass_confusion_matrix(predicted, y, num_classes=classes)
    return counts

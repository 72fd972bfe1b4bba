"""Accuracy and confusion matrix, counted by torchmetrics."""

import torch
from torchmetrics.functional.classification import multiclass_confusion_matrix, multiclass_stat_scores


def batch_accuracies(predicted: torch.Tensor, y: torch.Tensor, batch_size: int, classes: int) -> list[float]:
    """The accuracy of each batch in percent, from predicted and true classes (N,); the last may be smaller."""
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
    """The confusion matrix (classes, classes) int64: a row for each true class, a column for each predicted one."""
    counts: torch.Tensor = multiclass_confusion_matrix(predicted, y, num_classes=classes)
    return counts

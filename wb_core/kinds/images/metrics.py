"""Accuracy and confusion matrix."""

import torch


def accuracy(predicted: torch.Tensor, y: torch.Tensor) -> float:
    """The percent of all images whose predicted class is the true one; both are (N,).

    The mean over the batches, which many courses print, differs from it if the last batch is smaller.
    """
    return 100 * int((predicted == y).sum()) / len(y)


def confusion_matrix(predicted: torch.Tensor, y: torch.Tensor, classes: int) -> torch.Tensor:
    """The confusion matrix (classes, classes) int64: a row for each true class, a column for each predicted one."""
    from torchmetrics.functional.classification import multiclass_confusion_matrix  # 3 s that no training needs

    counts: torch.Tensor = multiclass_confusion_matrix(predicted, y, num_classes=classes)
    return counts

"""What the training of an image classifier shows, and one thing to try."""

import math
from collections.abc import Sequence
from typing import Any

from ...base.diagnosis import Diagnosis, Suggestion
from ...base.evaluation import Evaluation
from ...base.fields import Number, applies, specs
from ...base.history import History
from .config import ImageConfig

DIAGNOSES = ("learned", "too_few_steps", "too_large_steps", "exploding")
"""The labels for an image run; see `diagnose` for what each means."""


def diagnose(
    history: History,
    config: ImageConfig,
    *,
    diverged_at: int | None = None,
    evaluation: Evaluation | None = None,
    batch_losses: Sequence[float] = (),
) -> Diagnosis:
    """What the history of a training shows: the first of these labels that applies.

    - "exploding": the numbers stopped being finite, in the epoch `diverged_at`.
    - "too_large_steps", "too_few_steps": the model predicts one class, `predicted`, for every image. An untrained
      model has a loss of ln(classes); a batch loss of more than twice that means that the steps are too large.
    - "learned": the model predicts several classes, or `evaluation` is unknown.
    """
    last = max(len(history) - 1, 0)
    if diverged_at is not None:
        return Diagnosis("exploding", (diverged_at, diverged_at), {"epoch": diverged_at}, smaller_steps(config))
    if evaluation is not None:
        predicted = evaluation.logits.argmax(dim=1)
        if bool((predicted == predicted[0]).all()):
            limit = 2 * math.log(evaluation.logits.shape[1])
            largest = float(max(batch_losses)) if len(batch_losses) else 0.0
            evidence = {"predicted": float(predicted[0]), "largest_loss": largest, "limit": limit}
            if largest > limit:
                return Diagnosis("too_large_steps", (0, last), evidence, smaller_steps(config))
            return Diagnosis("too_few_steps", (0, last), evidence, more_steps(config))
    return Diagnosis("learned", (0, last), {"test_accuracy": history.row(-1)["test_accuracy"]} if len(history) else {})


def smaller_steps(config: ImageConfig) -> Suggestion:
    """Less momentum, or a tenth of the learning rate."""
    if applies(config, "momentum") and config.momentum > 0.9:
        return Suggestion({"momentum": 0.5, "lr": min(config.lr, 0.1)})
    return Suggestion({"lr": float(f"{max(config.lr / 10, 0.0001):.2g}")})


def more_steps(config: ImageConfig) -> Suggestion:
    """Three times the epochs, or larger steps if the controls offer no more epochs."""
    spec: Any = specs(ImageConfig)["epochs"]
    assert isinstance(spec, Number)
    most = int(spec.offered[1])
    if config.epochs < most:
        return Suggestion({"epochs": min(most, 3 * config.epochs)})
    return Suggestion({"lr": float(f"{min(config.lr * 10, 1.0):.2g}")})

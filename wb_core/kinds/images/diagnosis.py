"""What the training of an image classifier shows, and one thing to try."""

import math
from collections.abc import Sequence
from typing import Any

import torch

from ...base.diagnosis import Diagnosis, Finding, Suggestion
from ...base.evaluation import Evaluation
from ...base.fields import Number, applies, specs
from ...base.history import History
from .config import ImageConfig

DIAGNOSES = ("learned", "cut_off", "too_few_steps", "too_large_steps", "near_guessing", "exploding")
"""The labels for an image run; see `diagnose` for what each means."""

MOSTLY = 0.8
"""A ReLU cut a class off if its output is 0 for this share of all images: it is then 0 for those of the class too."""

SMALL_LR = 0.01
"""Below this rate, larger steps are suggested before more epochs."""


def diagnose(
    history: History,
    config: ImageConfig,
    *,
    diverged_at: int | None = None,
    evaluation: Evaluation | None = None,
    batch_losses: Sequence[float] = (),
    advise: bool = True,
) -> Diagnosis:
    """What the history of a training shows: the first of these labels that applies.

    - "exploding": the numbers stopped being finite, in the epoch `diverged_at`.
    - "too_large_steps": the model predicts one class, `predicted`, for every image, and a batch loss was more than
      twice that of an untrained model, ln(classes).
    - "cut_off": `classes` classes are never predicted, because the model's last ReLU made their outputs 0 on a share of
      at least `zeros` of the test images. No gradient passes there, so that more epochs rarely help.
    - "too_few_steps": the model predicts one class for every image, and its losses were small.
    - "near_guessing": it predicts several, but its `accuracy` is less than twice that of guessing, `guessing`.
    - "learned": the model predicts several classes, or `evaluation` is unknown.

    The finding "test_below_train" has the losses of the last epoch if that of the test is the lower one: they are not
    measured at the same time. `late_loss` is the mean over its last `late_batches` batches.

    Without `advise` there is no suggestion.
    """
    last = max(len(history) - 1, 0)
    if diverged_at is not None:
        advice = smaller_steps(config) if advise else None
        return Diagnosis("exploding", (diverged_at, diverged_at), {"epoch": diverged_at}, advice)
    learned = {"test_accuracy": history.row(-1)["test_accuracy"]} if len(history) else {}
    label, evidence, suggestion = _outcome(config, evaluation, batch_losses) or ("learned", learned, None)
    advice = suggestion if advise else None
    return Diagnosis(label, (0, last), evidence, advice, _test_below_train(history, batch_losses))


def _outcome(
    config: ImageConfig, evaluation: Evaluation | None, batch_losses: Sequence[float]
) -> tuple[str, dict[str, float], Suggestion | None] | None:
    """What is wrong with the model of this evaluation: a label with its evidence and suggestion; None if nothing is."""
    if evaluation is None:
        return None
    predicted = evaluation.logits.argmax(dim=1)
    one_class = bool((predicted == predicted[0]).all())
    limit = 2 * math.log(evaluation.logits.shape[1])
    largest = float(max(batch_losses)) if len(batch_losses) else 0.0
    evidence = {"predicted": float(predicted[0]), "largest_loss": largest, "limit": limit}
    if one_class and largest > limit:
        return "too_large_steps", evidence, smaller_steps(config)
    if config.model == "relu" and (cut := cut_off(evaluation)):
        zeros = float(_zeros(evaluation)[list(cut)].min())
        return "cut_off", {"classes": float(len(cut)), "zeros": zeros}, Suggestion({"model": "linear"})
    if one_class:
        return "too_few_steps", evidence, more_steps(config)
    guessing = 100 / evaluation.logits.shape[1]
    if evaluation.accuracy < 2 * guessing:
        advice = smaller_steps(config) if largest > limit else more_steps(config)
        return "near_guessing", {"accuracy": evaluation.accuracy, "guessing": guessing}, advice
    return None


def cut_off(evaluation: Evaluation) -> tuple[int, ...]:
    """The classes that are never predicted, and whose output is 0 for most images."""
    predicted = evaluation.logits.argmax(dim=1).bincount(minlength=evaluation.logits.shape[1])
    return tuple(((predicted == 0) & (_zeros(evaluation) >= MOSTLY)).nonzero().flatten().tolist())


def _zeros(evaluation: Evaluation) -> torch.Tensor:
    """The share of images for which the output of each class is exactly 0: (classes,)."""
    return (evaluation.logits == 0).to(torch.float64).mean(dim=0)


def _test_below_train(history: History, batch_losses: Sequence[float]) -> tuple[Finding, ...]:
    if not len(history) or len(batch_losses) < len(history) or len(batch_losses) % len(history):
        return ()  # without the losses of all batches of whole epochs
    row, batches = history.row(-1), len(batch_losses) // len(history)
    late = [float(loss) for loss in batch_losses[-max(1, batches // 10) :]]
    if row["test_loss"] >= row["train_loss"]:
        return ()
    losses = {name: row[name] for name in ("train_loss", "test_loss")}
    numbers = {"batches": batches, "late_batches": len(late), "late_loss": sum(late) / len(late)}
    return (Finding("test_below_train", {**losses, **numbers}),)


def smaller_steps(config: ImageConfig) -> Suggestion | None:
    """Less momentum, or a tenth of the learning rate; None if it is the smallest already."""
    if applies(config, "momentum") and config.momentum > 0.9:
        return Suggestion({"momentum": 0.5, **({"lr": 0.1} if config.lr > 0.1 else {})})
    return _learning_rate(config, config.lr / 10)


def more_steps(config: ImageConfig) -> Suggestion | None:
    """Larger steps if they are small, else three times the epochs; None if the controls offer neither."""
    spec: Any = specs(ImageConfig)["epochs"]
    assert isinstance(spec, Number)
    most = int(spec.offered[1])
    if config.lr < SMALL_LR:
        return _learning_rate(config, config.lr * 10)
    if config.epochs < most:
        return Suggestion({"epochs": min(most, 3 * config.epochs)})
    return _learning_rate(config, config.lr * 3)  # not ten times: a tenth of it would be the rate of before


def _learning_rate(config: ImageConfig, wanted: float) -> Suggestion | None:
    """Another learning rate, within the bounds of its control; None if it is the one of the config."""
    lr = float(f"{min(max(wanted, 0.0001), 1.0):.2g}")
    return None if lr == config.lr else Suggestion({"lr": lr})

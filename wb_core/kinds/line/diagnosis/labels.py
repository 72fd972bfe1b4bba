"""From a training curve to its diagnosis: which of the labels it is, and the numbers that say so."""

from collections.abc import Sequence

import numpy as np
import torch

from ....base.diagnosis import Diagnosis
from ..config import LinearConfig
from ..data import line_data
from .evidence import Columns, TrainingCurve, finite
from .findings import findings
from .limits import Limits, limits_of
from .suggest import smaller_steps, suggest
from .training_curves import TrainingCurves
from .verdicts import judge


def diagnose(
    history: Columns, config: LinearConfig, *, limits: Limits | None = None, diverged_at: int | None = None
) -> Diagnosis:
    """What the history of a training shows. `config` is what it was trained with, `diverged_at` as a `Run` has it.

    `config.epochs` is what a new training would have; the history may have more or fewer.

    `limits` is what the data alone decide (see `limits_of`); callers that diagnose many histories of the same data
    make it once. Without it, it is made from the config's own data. Raises `ValueError` for a history without an
    epoch, unless it diverged at once.

    Let n be the number of epochs, and the excess of an epoch how much its train loss is above the best possible one.
    "As good as the best" is an excess within `Limits.tolerance`. Of these, the first that holds:

    - "exploding": the numbers stopped being finite; or the loss is MSE, the optimizer SGD, the learning rate above its
      limit (`Limits.lr`), and the loss ends above its lowest value and not as good as the best. From the epoch of the
      lowest loss on. With L1, with Huber and with Adam the steps are bounded, and nothing explodes.
    - "optimum": as good as the best before the first epoch, and ever since.
    - "converged": as good as the best in the last tenth of the run, and in 5 epochs at least, and not about to leave
      (`stays`). From the first epoch after which it stayed so. (Adam may leave it again, much later: what it remembers
      of old gradients fades, and its steps grow. A diagnosis speaks of the epochs that were recorded.)
    - "bouncing": in the second half of the run the loss rises in more than a tenth of the steps, or three tenths of the
      gradients point against the one before (`TrainingCurves.oscillates`), and this gets nowhere: a tenth of the
      first excess is not even gone; or the losses do not sink from swing to swing (`TrainingCurves.sinks`), and no
      formula (there is one for SGD on MSE, and on Huber near the best line) says that it dies
      away, or is soon as good as the best.
    - "learning": swinging, but getting somewhere; or sinking steadily, and as good as the best within 4 n more epochs
      (400, where n is below 100) by what `outlooks` says.
    - "too_slow": sinking steadily, but it would take more epochs than that. (Not above the limit of the learning rate,
      where a run that still sinks is "learning", and advised to take smaller steps.)

    Beside these, `findings` says whether the test points tell a story of their own.
    """
    if limits is None:
        limits = limits_of(line_data(config, torch.device("cpu")), config.loss)
    if diverged_at == 0:
        return Diagnosis("exploding", (0, 0), _limit(limits, config), smaller_steps(config, limits))
    if not len(history.column("train_loss")):
        raise ValueError("there is no epoch to diagnose")
    curve = TrainingCurve.read(history, config, limits)
    if diverged_at is not None:
        label, (epochs, evidence) = "exploding", _exploding(curve, diverged_at)
    else:
        label, (epochs, evidence) = _judged(curve)
    found = findings(curve, label)
    return Diagnosis(label, epochs, evidence, suggest(label, curve, evidence.get("more"), found), found)


def labels_of(columns: np.ndarray, configs: Sequence[LinearConfig], limits: Sequence[Limits]) -> np.ndarray:
    """The labels alone of what `diagnose` says of R runs, decided all at once: (R,).

    `columns` (R, 6, n) has the columns of their histories, all finite. They need the same loss, optimizer and X,
    and all momentum or none.
    """
    train, _test, weight, bias, weight_grad, bias_grad = columns.astype(float).transpose(1, 0, 2)
    lines, gradients = np.stack([weight, bias], axis=2), np.stack([weight_grad, bias_grad], axis=2)
    return judge(TrainingCurves.of(configs, limits, train=train, lines=lines, gradients=gradients)).labels


Basis = tuple[tuple[int, int], dict[str, float]]
"""What a label rests on: the epochs that it speaks of, and the evidence."""


def _judged(curve: TrainingCurve) -> tuple[str, Basis]:
    verdicts = judge(curve.as_batch)
    label = str(verdicts.labels[0])
    if label == "exploding":
        return label, _exploding(curve, None)
    if label == "bouncing":
        return label, _bouncing(curve)
    if label in ("optimum", "converged"):
        return label, _settled(curve, int(verdicts.since[0]))
    return label, ((0, curve.epochs - 1), _losses(curve) | finite(more=verdicts.more[0]))


def _exploding(curve: TrainingCurve, diverged_at: int | None) -> Basis:
    """With `since`, the `lowest` loss, the `last` one, `growth` per epoch, `lr`, `limit`."""
    losses = curve.losses
    since = min(int(losses.argmin()), curve.epochs - 1)
    last = curve.epochs - 1 if diverged_at is None else diverged_at
    low, high = float(losses[since]), float(losses[-1])
    growth = (high / low) ** (1 / (curve.epochs - since)) if low > 0 and high > low else float("nan")
    evidence = finite(since=since, lowest=low, last=high, growth=growth)
    return (since, last), evidence | _limit(curve.limits, curve.config)


def _limit(limits: Limits, config: LinearConfig) -> dict[str, float]:
    limit = limits.lr(config)
    return {"lr": config.lr} | ({} if limit is None else {"limit": limit})


def _settled(curve: TrainingCurve, since: int) -> Basis:
    """With the `epoch` since when, the `first`, `last` and `best` losses."""
    epoch = max(since - 1, 0)
    return (epoch, curve.epochs - 1), _losses(curve) | {"epoch": float(epoch)}


def _bouncing(curve: TrainingCurve) -> Basis:
    """With `since`, `low` and `high`, the `step` of the parameter that moves most (`moves`: 0 the weight, 1 the bias),
    its `gradient`, and `lr`.
    """
    since, low, high = curve.band
    moves, step, gradient = curve.step
    numbers = {"since": since, "low": low, "high": high, "moves": moves, "step": step, "gradient": gradient}
    return (since, curve.epochs - 1), finite(**numbers) | _limit(curve.limits, curve.config)


def _losses(curve: TrainingCurve) -> dict[str, float]:
    # The last number recorded, which everybody else shows as well; of a single epoch, the one after its step.
    first, last, best = curve.losses[0], curve.losses[max(curve.epochs - 1, 1)], curve.limits.best.loss
    return finite(first=first, last=last, best=best)

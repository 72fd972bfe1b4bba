"""From a record to its diagnosis: which of the labels it is, and the numbers that say so."""

from collections.abc import Sequence

import numpy as np
import torch

from ....base.diagnosis import Diagnosis
from ..config import LinearConfig
from ..data import line_data
from .evidence import Columns, Record, finite
from .findings import findings
from .limits import Limits, limits_of
from .records import Records
from .suggest import smaller_steps, suggest
from .verdicts import judge


def diagnose(
    history: Columns, config: LinearConfig, *, limits: Limits | None = None, diverged_at: int | None = None
) -> Diagnosis:
    """What the history of a training shows. `config` is what it was trained with, `diverged_at` as a `Run` has it.

    `config.epochs` is what a new training would have; the history may have more or fewer.

    `limits` is what the data alone decide (see `limits_of`); whoever diagnoses many histories of the same data makes it
    once. Without it, it is made from the config's own data. Raises `ValueError` for a history without an epoch, unless
    it diverged at once.

    Let n be the number of epochs, and the excess of an epoch how much its train loss is above the best possible one.
    "As good as the best" is an excess within `Limits.tolerance`. Of these, the first that holds:

    - "exploding": the numbers stopped being finite; or the loss is MSE, the optimizer SGD, the learning rate above its
      limit (`Limits.lr`), and the loss ends above its lowest value and not as good as the best. From the epoch of the
      lowest loss on. With L1, with Huber and with Adam the steps are bounded, and nothing explodes.
    - "optimum": as good as the best before the first epoch, and ever since.
    - "converged": as good as the best in the last tenth of the run, and in 5 records at least, and not about to leave
      (`stays`). From the first epoch after which it stayed so. (Adam may leave it again, much later: what it remembers
      of old gradients fades, and its steps grow. A diagnosis speaks of the epochs that were recorded.)
    - "bouncing": in the second half of the run the loss rises in more than a tenth of the steps, or three tenths of the
      gradients point against the one before (`Records.swings`), and this gets nowhere: a tenth of the first excess is
      not even gone; or the losses do not sink from swing to swing (`Records.sinks`), and no formula (there is one for
      SGD on MSE, and on Huber near the best line) says that it dies away, or is soon as good as the best.
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
    record = Record.read(history, config, limits)
    if diverged_at is not None:
        label, (epochs, evidence) = "exploding", _exploding(record, diverged_at)
    else:
        label, (epochs, evidence) = _judged(record)
    found = findings(record, label)
    return Diagnosis(label, epochs, evidence, suggest(label, record, evidence.get("more"), found), found)


def labels_of(record: np.ndarray, configs: Sequence[LinearConfig], limits: Sequence[Limits]) -> np.ndarray:
    """The labels alone of what `diagnose` says of R runs, decided all at once: (R,).

    `record` (R, 6, n) has the columns of their histories, all finite. They need the same loss, optimizer and X, and all
    momentum or none.
    """
    train, _test, weight, bias, weight_grad, bias_grad = record.astype(float).transpose(1, 0, 2)
    lines, gradients = np.stack([weight, bias], axis=2), np.stack([weight_grad, bias_grad], axis=2)
    return judge(Records.of(configs, limits, train=train, lines=lines, gradients=gradients)).labels


Basis = tuple[tuple[int, int], dict[str, float]]
"""What a label rests on: the epochs that it speaks of, and the evidence."""


def _judged(record: Record) -> tuple[str, Basis]:
    verdicts = judge(record.alone)
    label = str(verdicts.labels[0])
    if label == "exploding":
        return label, _exploding(record, None)
    if label == "bouncing":
        return label, _bouncing(record)
    if label in ("optimum", "converged"):
        return label, _settled(record, int(verdicts.since[0]))
    return label, ((0, record.epochs - 1), _losses(record) | finite(more=verdicts.more[0]))


def _exploding(record: Record, diverged_at: int | None) -> Basis:
    """With `since`, the `lowest` loss, the `last` one, `growth` per epoch, `lr`, `limit`."""
    losses = record.losses
    since = min(int(losses.argmin()), record.epochs - 1)
    last = record.epochs - 1 if diverged_at is None else diverged_at
    low, high = float(losses[since]), float(losses[-1])
    growth = (high / low) ** (1 / (record.epochs - since)) if low > 0 and high > low else float("nan")
    evidence = finite(since=since, lowest=low, last=high, growth=growth)
    return (since, last), evidence | _limit(record.limits, record.config)


def _limit(limits: Limits, config: LinearConfig) -> dict[str, float]:
    limit = limits.lr(config)
    return {"lr": config.lr} | ({} if limit is None else {"limit": limit})


def _settled(record: Record, since: int) -> Basis:
    """With the `epoch` since when, the `first`, `last` and `best` losses."""
    epoch = max(since - 1, 0)
    return (epoch, record.epochs - 1), _losses(record) | {"epoch": float(epoch)}


def _bouncing(record: Record) -> Basis:
    """With `since`, `low` and `high`, the `step` of the parameter that moves most (`moves`: 0 the weight, 1 the bias),
    its `gradient`, and `lr`.
    """
    since, low, high = record.band
    moves, step, gradient = record.step
    numbers = {"since": since, "low": low, "high": high, "moves": moves, "step": step, "gradient": gradient}
    return (since, record.epochs - 1), finite(**numbers) | _limit(record.limits, record.config)


def _losses(record: Record) -> dict[str, float]:
    # The last number on record, which everybody else shows as well; of a single epoch, the one after its step.
    first, last, best = record.losses[0], record.losses[max(record.epochs - 1, 1)], record.limits.best.loss
    return finite(first=first, last=last, best=best)

"""From a record to its diagnosis: which of the labels it is, and the numbers that say so."""

from collections.abc import Callable

import numpy as np
import torch

from ..config import LinearConfig
from ..data import line_data
from .evidence import FEW, Columns, Record, finite
from .findings import findings
from .limits import Limits, limits_of
from .outlook import NEVER, calms_down, outlook, stays
from .report import Diagnosis
from .suggest import smaller_steps, suggest

PATIENCE = 4
"""What takes at most so many times the epochs of a run is not too slow."""


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
      gradients point against the one before (`Record.swings`), and this gets nowhere: a tenth of the first excess is
      not even gone; or the losses do not sink from swing to swing (`Record.sinks`), and no formula (there is one for
      SGD on MSE, and on Huber near the best line) says that it dies away, or is soon as good as the best.
    - "learning": swinging, but getting somewhere; or sinking steadily, and as good as the best within 4 n more epochs
      (400, where n is below 100) by what `outlook` says.
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
    label, why = _verdict(record, diverged_at)
    (epochs, evidence), found = why(), findings(record, label)
    return Diagnosis(label, epochs, evidence, suggest(label, record, evidence.get("more"), found), found)


def label_of(history: Columns, config: LinearConfig, *, limits: Limits, diverged_at: int | None = None) -> str:
    """The label alone of what `diagnose` says, in a third of the time: for thousands of histories."""
    if diverged_at == 0:
        return "exploding"
    record = Record.read(history, config, limits)
    return _verdict(record, diverged_at)[0]


Verdict = tuple[str, Callable[[], tuple[tuple[int, int], dict[str, float]]]]
"""A label, and what it rests on, for who asks: the epochs that it speaks of, and the evidence."""


def _verdict(record: Record, diverged_at: int | None) -> "Verdict":
    return _exploding(record, diverged_at) or _settled(record) or _moving(record)


def _exploding(record: Record, diverged_at: int | None) -> Verdict | None:
    """The verdict "exploding", with `since`, the `lowest` loss, the `last` one, `growth` per epoch, `lr`, `limit`."""
    excess, losses = record.excess, record.losses
    lowest = int(losses.argmin())
    rising = excess[-1] > record.limits.tolerance and lowest < record.epochs
    grows = record.config.loss == "mse" and record.limits.exceeded(record.config)
    if diverged_at is None and not (grows and rising):
        return None

    def why() -> tuple[tuple[int, int], dict[str, float]]:
        since = min(lowest, record.epochs - 1)
        last = record.epochs - 1 if diverged_at is None else diverged_at
        low, high = float(losses[since]), float(losses[-1])
        growth = (high / low) ** (1 / (record.epochs - since)) if low > 0 and high > low else float("nan")
        evidence = finite(since=since, lowest=low, last=high, growth=growth)
        return (since, last), evidence | _limit(record.limits, record.config)

    return "exploding", why


def _limit(limits: Limits, config: LinearConfig) -> dict[str, float]:
    limit = limits.lr(config)
    return {"lr": config.lr} | ({} if limit is None else {"limit": limit})


def _settled(record: Record) -> Verdict | None:
    """The verdict "optimum" or "converged", with the `epoch` since when, the `first`, `last` and `best` losses."""
    n = record.epochs
    above = np.flatnonzero(record.excess > record.limits.tolerance)
    since = int(above[-1]) + 1 if len(above) else 0
    if since and (n + 1 - since < max(5, n // 10) or not stays(record)):
        return None
    epoch = max(since - 1, 0)
    return "converged" if since else "optimum", lambda: ((epoch, n - 1), _losses(record) | {"epoch": float(epoch)})


def _moving(record: Record) -> Verdict:
    """The verdict "learning", "too_slow" or "bouncing".

    Of the first two, with the `first`, `last` and `best` losses, and how many epochs `more` it takes, where that can be
    told. Of the last, with `since`, `low` and `high`, the `step` of the parameter that moves most (`moves`: 0 the
    weight, 1 the bias), its `gradient`, and `lr`.
    """
    n, swings, config = record.epochs, record.swings, record.config
    formula = config.loss == "mse" and config.optimizer == "sgd"  # one that says all of what will come
    if swings and not formula and not (record.gained and (calms_down(record) or record.sinks)):
        return "bouncing", lambda: _bouncing(record)
    more = outlook(record)
    # What is still sinking above its limit will not be too slow for long.
    soon = more <= PATIENCE * max(n, FEW) or record.limits.exceeded(config)
    if swings and formula and not (record.gained and (soon or calms_down(record) or record.sinks)):
        return "bouncing", lambda: _bouncing(record)
    rest = {"more": float(more)} if more < NEVER and (soon or not swings) else {}
    return "learning" if soon or swings else "too_slow", lambda: ((0, n - 1), _losses(record) | rest)


def _bouncing(record: Record) -> tuple[tuple[int, int], dict[str, float]]:
    since, low, high = record.band
    moves, step, gradient = record.step
    numbers = {"since": since, "low": low, "high": high, "moves": moves, "step": step, "gradient": gradient}
    return (since, record.epochs - 1), finite(**numbers) | _limit(record.limits, record.config)


def _losses(record: Record) -> dict[str, float]:
    # The last number on record, which everybody else shows as well; of a single epoch, the one after its step.
    first, last, best = record.losses[0], record.losses[max(record.epochs - 1, 1)], record.limits.best.loss
    return finite(first=first, last=last, best=best)

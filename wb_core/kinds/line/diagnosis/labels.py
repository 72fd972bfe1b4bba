"""From a training curve to its diagnosis: the label and its evidence."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ....base.diagnosis import Diagnosis
from ..config import LinearConfig
from ..data import CPU, line_data
from .arrival import arrival
from .causes import causes
from .evidence import Columns, TrainingCurve, finite
from .findings import findings
from .limits import Limits, limits_of
from .natural import smaller_steps
from .suggest import suggest
from .training_curves import TrainingCurves
from .verdicts import Verdicts, judge


def diagnose(
    history: Columns,
    config: LinearConfig,
    *,
    limits: Limits | None = None,
    diverged_at: int | None = None,
    advise: bool = True,
    from_seed: bool = False,
) -> Diagnosis:
    """What the history of a training with `config` shows. `diverged_at` is that of the `Run`.

    `config.epochs` is the length of a new training; the history may have more or fewer epochs.

    `limits` depends on the data alone (see `limits_of`); callers that diagnose many histories of the same data make it
    once. By default it is made from the config's data. Raises `ValueError` for a history without epochs, unless it
    diverged at once.

    Let n be the number of epochs, and the excess of an epoch how much its train loss is above the best possible one.
    "As good as the best" means an excess within `Limits.tolerance`. The label is the first of these that applies:

    - "exploding": the numbers are no longer finite; or the loss is MSE, the optimizer SGD, the learning rate above its
      limit (`Limits.lr`), and the loss ends above its lowest value and not as good as the best. Starts at the epoch of
      the lowest loss. With L1, with Huber and with Adam the steps are bounded, and nothing explodes.
    - "optimum": as good as the best before the first epoch, and ever since.
    - "converged": as good as the best in the last tenth of the run, for at least 5 epochs, and not about to leave
      (`stays_converged`). Starts at the first epoch after which it stayed so. (Adam may leave it again much later, when
      its averages of old gradients fade and its steps grow. A diagnosis covers the recorded epochs only.)
    - "bouncing": in the second half of the run the loss rises in more than a tenth of the steps, or three tenths of the
      gradients point against the one before (`TrainingCurves.oscillates`), without progress: less than a tenth of the
      first excess is gone; or the losses do not sink from swing to swing (`TrainingCurves.sinks`), and no formula
      (which exists for SGD on MSE, and on Huber near the best line) says that the swings die away, or that the loss is
      soon as good as the best.
    - "learning": swinging, but making progress; or sinking steadily, and according to `outlooks` as good as the best
      within 4 n more epochs (400 if n is below 100).
    - "too_slow": sinking steadily, but needing more epochs than that. (Above the limit of the learning rate, a run that
      still sinks is "learning", and the advice is to take smaller steps.)

    In addition, `findings` looks at the points, and `causes` says why. A run that is "learning", "too_slow" or
    "bouncing" is `good` if its last lines look like the best one on the chart.

    The suggestion is tried out on a copy of the training (`suggest`), which takes up to about 0.3 s; `advise=False`
    leaves it out. A new training is tried from where the history started, or with `from_seed` from the config's seed.
    The epochs that a run still needs are tried out as well (`arrival`): `more` until its loss is as good as the best,
    or `near` until its line looks like the best one. An unconfirmed number is missing.

    If the config has a schedule, the epochs since its last change are diagnosed with the settings in force there, as a
    training that starts at the line of that epoch; there is no suggestion then.
    """
    begun = len(history.column("train_loss")) + (diverged_at is not None)
    first, config = [phase for phase in config.phases if phase[0] < max(begun, 1)][-1]
    if first:
        return _later(history, config, first, limits, diverged_at)
    if limits is None or limits.loss != config.loss:
        limits = limits_of(line_data(config, CPU), config.loss)
    if diverged_at == 0:
        advice = smaller_steps(config, limits) if advise else None
        return Diagnosis("exploding", (0, 0), _limit(limits, config), advice)
    if not len(history.column("train_loss")):
        raise ValueError("there is no epoch to diagnose")
    curve = TrainingCurve.read(history, config, limits)
    if diverged_at is not None:
        label, good, (epochs, evidence) = "exploding", False, _exploding(curve, diverged_at)
    else:
        verdicts = judge(curve.as_batch)
        label, good = str(verdicts.labels[0]), bool(verdicts.good[0])
        epochs, evidence = _basis(curve, verdicts)
    found = findings(curve, label)
    more = evidence.get("more", evidence.get("near"))
    advice = suggest(label, curve, more, found, from_seed=from_seed) if advise else None
    return Diagnosis(label, epochs, evidence, advice, found, causes(curve, label), good)


def _later(
    history: Columns, config: LinearConfig, first: int, limits: Limits | None, diverged_at: int | None
) -> Diagnosis:
    """The diagnosis of the epochs from `first` on, with the numbers of the epochs in the whole history."""
    ended = None if diverged_at is None else diverged_at - first
    found = diagnose(_Since(history, first), config, limits=limits, diverged_at=ended, advise=False)

    def moved(evidence: Mapping[str, float]) -> dict[str, float]:
        return {name: value + first * (name in EPOCHS) for name, value in evidence.items()}

    findings, causes = (
        tuple(dataclasses.replace(one, evidence=moved(one.evidence)) for one in some)
        for some in (found.findings, found.causes)
    )
    since, last = found.epochs
    evidence = moved(found.evidence)
    epochs = since + first, last + first
    return dataclasses.replace(found, epochs=epochs, evidence=evidence, findings=findings, causes=causes)


EPOCHS = ("since", "epoch", "arrived", "left")
"""The evidence that is the number of an epoch."""


@dataclass(frozen=True)
class _Since:
    """A history from an epoch on."""

    history: Columns
    first: int

    def column(self, name: str) -> Sequence[float]:
        return self.history.column(name)[self.first :]


def verdicts_of(columns: np.ndarray, configs: Sequence[LinearConfig], limits: Sequence[Limits]) -> Verdicts:
    """The verdicts on R runs, decided all at once; the labels and what is good are those of `diagnose`.

    `columns` (R, 6, n) has the columns of their histories, all finite. The runs must have the same loss, optimizer and
    X, and either all or none of them momentum.
    """
    train, _test, weight, bias, weight_grad, bias_grad = columns.astype(float).transpose(1, 0, 2)
    lines, gradients = np.stack([weight, bias], axis=2), np.stack([weight_grad, bias_grad], axis=2)
    return judge(TrainingCurves.of(configs, limits, train=train, lines=lines, gradients=gradients))


Basis = tuple[tuple[int, int], dict[str, float]]
"""The basis of a label: the epochs it is about, and the evidence."""


def _basis(curve: TrainingCurve, verdicts: Verdicts) -> Basis:
    label = str(verdicts.labels[0])
    if label == "exploding":
        return _exploding(curve, None)
    if label == "bouncing":
        return _bouncing(curve)
    if label in ("optimum", "converged"):
        return _settled(curve, int(verdicts.since[0]))
    evidence = _losses(curve) | arrival(curve, float(verdicts.more[0]))
    if label == "learning" and curve.as_batch.oscillates[0]:
        swings = curve.losses[-curve.tail - 1 :]
        evidence |= finite(low=swings.min(), high=swings.max())
    elif curve.losses.max() > 1.05 * curve.losses[0]:
        evidence |= finite(peak=curve.losses.max())
    return (0, curve.epochs - 1), evidence


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
    its `gradient`, and `lr`; and the `first`, `last` and `best` losses.
    """
    since, low, high = curve.band
    moves, step, gradient = curve.step
    numbers = {"since": since, "low": low, "high": high, "moves": moves, "step": step, "gradient": gradient}
    return (since, curve.epochs - 1), finite(**numbers) | _limit(curve.limits, curve.config) | _losses(curve)


def _losses(curve: TrainingCurve) -> dict[str, float]:
    # The last recorded loss, which the page shows as well; for a single epoch, the loss after its step.
    first, last, best = curve.losses[0], curve.losses[max(curve.epochs - 1, 1)], curve.limits.best.loss
    return finite(first=first, last=last, best=best)

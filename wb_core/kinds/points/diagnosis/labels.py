"""What the training of a network on points in the plane shows."""

from typing import Any

import numpy as np
import torch

from ....base.diagnosis import Diagnosis, Finding
from ....base.history import History
from ..config import PointsConfig
from ..network import dead_units, training_accuracy, training_gradient
from .reach import Reach, reach_of
from .suggest import suggest

DIAGNOSES = (
    "learned",
    "overfitting",
    "too_slow",
    "too_small",
    "over_regularised",
    "bouncing",
    "dead_units",
    "exploding",
)
"""The labels for a run on points; see `diagnose` for what each means."""

NEAR = 4.0
"""A model has learned its points if its accuracy is this near to what can be reached, in percent points."""

THROWN = 1.5  # times the first loss


def diagnose(
    history: History,
    config: PointsConfig,
    *,
    diverged_at: int | None = None,
    parameters: torch.Tensor | None = None,
    reach: Reach | None = None,
    advise: bool = True,
) -> Diagnosis:
    """What the history of a training shows: the first of these labels that applies.

    - "exploding": the numbers stopped being finite, in the epoch `diverged_at`.
    - "overfitting": the test loss was lowest in epoch `since` (`best`) and rose to `test_loss`, while the train loss
      fell.
    - "learned": the accuracy on the training points is within 4 percent points of what can be reached, `reachable`.
    - "over_regularised": weight decay pulls the parameters to 0 as hard as the points pull them away (`pull`, in
      percent), or dropout leaves fewer than four units in a layer.
    - "dead_units": in one `layer`, all `units` ReLU units are 0 for all training points, since epoch `since`.
    - "bouncing": the train loss goes up in `ups` percent of the later epochs, and moves by `swing` percent of itself;
      or a step that was too large threw it up to `thrown` times the first, and it never came back.
    - "too_small": in a trial, the same network gets no more than `possible` percent of its points right.
    - "too_slow": in a trial, it does; here the loss fell by `falls` percent in the last quarter.

    `parameters` (E, P) are those after each epoch, or (1, P) the last ones; without them there is no "dead_units" and
    no "over_regularised". `reach` remembers what can be reached, for many runs on the same points. Without `advise`
    there is no suggestion.
    """
    last = max(len(history) - 1, 0)
    if diverged_at is not None:
        advice = suggest("exploding", config) if advise else None
        return Diagnosis("exploding", (diverged_at, diverged_at), {"epoch": diverged_at}, advice)
    known = None if parameters is None or not len(parameters) else parameters
    curve = Curve(history, config, known, reach or reach_of(config))
    for label, look in _LOOKS.items():
        if (evidence := look(curve)) is not None:
            advice = suggest(label, config) if advise else None
            return Diagnosis(label, (0, last), evidence, advice, _findings(curve, label))
    raise AssertionError("the last label always applies")


class Curve:
    """A history with what is needed to judge it."""

    def __init__(self, history: History, config: PointsConfig, parameters: torch.Tensor | None, reach: Reach) -> None:
        self.config = config
        self.reach = reach
        self.parameters = parameters
        self.epochs = len(history)
        columns = {name: np.asarray(history.column(name)) for name in history.columns}
        self.train, self.test = columns["train_loss"], columns["test_loss"]
        self.train_accuracy, self.test_accuracy = columns["train_accuracy"], columns["test_accuracy"]
        self.random = bool(config.batch_size or config.dropout)  # its losses are never smooth

    @property
    def accuracy(self) -> float:
        """The accuracy on the training points at the end, without dropout if that can be known."""
        if self.config.dropout and self.parameters is not None:
            return training_accuracy(self.config, self.parameters[-1])
        return float(self.train_accuracy[-self.tail :].mean())

    @property
    def tail(self) -> int:
        """The number of the last epochs over which noise is averaged."""
        return max(1, self.epochs // 20)

    @property
    def good(self) -> bool:
        """Whether the model tells its training points apart as well as can be asked."""
        return self.accuracy >= self.reach.reachable(self.config) - NEAR

    def falls(self) -> float:
        """By how many percent the train loss fell in the last quarter."""
        tail = self.tail
        before = self.train[max(0, self.epochs * 3 // 4 - tail) : max(1, self.epochs * 3 // 4)].mean()
        return float(100 * (1 - self.train[-tail:].mean() / max(before, 1e-12)))


# --- the labels, in order


def _overfitting(curve: Curve) -> dict[str, float] | None:
    if curve.epochs < 10:
        return None
    width = max(1, curve.epochs // 50)
    smooth = np.convolve(curve.test, np.ones(width) / width, mode="valid")
    since = int(smooth.argmin()) + width // 2
    best, end = float(smooth.min()), float(smooth[-1])
    rose = end > best + max(0.05, 0.15 * best)
    fell = curve.train[-curve.tail :].mean() < 0.9 * curve.train[since]
    apart = curve.accuracy - float(curve.test_accuracy[-curve.tail :].mean())
    if rose and fell and (apart >= 3 or end > 2 * best):
        return {"since": since, "best": best, "test_loss": end, "apart": apart}
    return None


def _learned(curve: Curve) -> dict[str, float] | None:
    return {"accuracy": curve.accuracy, "reachable": curve.reach.reachable(curve.config)} if curve.good else None


def _dead_units(curve: Curve) -> dict[str, float] | None:
    if curve.parameters is None:
        return None
    hidden, counts = curve.config.hidden, dead_units(curve.config, curve.parameters[-1])
    layer = next((place for place, dead in enumerate(counts) if dead == hidden[place]), None)
    if layer is None:
        return None
    alive, since = -1, len(curve.parameters) - 1  # without a gradient, a dead layer stays dead
    while since - alive > 1:
        middle = (alive + since) // 2
        if dead_units(curve.config, curve.parameters[middle])[layer] == hidden[layer]:
            since = middle
        else:
            alive = middle
    return {"layer": layer + 1, "units": hidden[layer], "since": since}


def _bouncing(curve: Curve) -> dict[str, float] | None:
    late = curve.train[curve.epochs // 2 :]
    if len(late) < 5:
        return None
    steps = np.diff(late)
    ups = float(100 * (steps > 0).mean())
    swing = float(100 * np.abs(steps).mean() / max(late.mean(), 1e-12))
    thrown = float(curve.train.max() / max(curve.train[0], 1e-12))
    bounces = ups >= 20 and swing >= (15 if curve.random else 2)
    return {"ups": ups, "swing": swing, "thrown": thrown} if bounces or thrown >= THROWN else None


def _over_regularised(curve: Curve) -> dict[str, float] | None:
    config = curve.config
    if curve.parameters is None or not (config.weight_decay or config.dropout):
        return None
    decay = config.weight_decay * float(curve.parameters[-1].norm())
    pull = decay / max(float(training_gradient(config, curve.parameters[-1]).norm()), 1e-12)
    if config.weight_decay and pull >= 0.5:
        return {"pull": 100 * pull, "weight_decay": config.weight_decay}
    left = min(config.hidden, default=16) * (1 - config.dropout)
    if config.dropout and left < 4:
        return {"left": left, "dropout": config.dropout}
    return None


def _too_small(curve: Curve) -> dict[str, float] | None:
    possible = curve.reach.in_reach(curve.config)
    if possible >= min(curve.reach.reachable(curve.config) - NEAR, 100.0) and possible > curve.accuracy:
        return None
    return {"accuracy": curve.accuracy, "possible": possible, "units": sum(curve.config.hidden)}


def _too_slow(curve: Curve) -> dict[str, float] | None:
    return {"accuracy": curve.accuracy, "falls": curve.falls()}


_LOOKS: dict[str, Any] = {
    "overfitting": _overfitting,
    "learned": _learned,
    "over_regularised": _over_regularised,
    "dead_units": _dead_units,
    "bouncing": _bouncing,
    "too_small": _too_small,
    "too_slow": _too_slow,
}


def _findings(curve: Curve, label: str) -> tuple[Finding, ...]:
    """Some dead units that did no great harm are still worth a word."""
    if label == "dead_units" or curve.parameters is None:
        return ()
    dead = sum(dead_units(curve.config, curve.parameters[-1]))
    return (Finding("dead_units", {"dead": dead, "units": sum(curve.config.hidden)}),) if dead else ()

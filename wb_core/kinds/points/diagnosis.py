"""What the training of a network on points in the plane shows, and one thing to try."""

import itertools
import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from ...base.diagnosis import Diagnosis, Finding, Suggestion
from ...base.fields import applies
from ...base.history import History
from .batch import Batch
from .config import PointsConfig
from .data import PointsData, points_data
from .models import build_model

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

WIDTHS = (0.1, 0.2, 0.4, 0.8)
"""Of the kernels, in standard deviations of the points."""

THROWN = 1.5  # times the first loss

SAMPLE = 500  # points, to judge what can be reached

TRIAL_STARTS, TRIAL_EPOCHS, TRIAL_LR = 4, 400, 0.03


def diagnose(
    history: History,
    config: PointsConfig,
    *,
    diverged_at: int | None = None,
    parameters: torch.Tensor | None = None,
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
    no "over_regularised".
    """
    last = max(len(history) - 1, 0)
    if diverged_at is not None:
        return Diagnosis("exploding", (diverged_at, diverged_at), {"epoch": diverged_at}, _smaller_steps(config))
    curve = Curve(history, config, None if parameters is None or not len(parameters) else parameters)
    for label, look in _LOOKS.items():
        if (evidence := look(curve)) is not None:
            return Diagnosis(label, (0, last), evidence, _SUGGEST[label](config), _findings(curve, label))
    raise AssertionError("the last label always applies")


class Curve:
    """A history with what is needed to judge it."""

    def __init__(self, history: History, config: PointsConfig, parameters: torch.Tensor | None) -> None:
        self.config = config
        self.parameters = parameters
        self.data: PointsData = points_data(config)
        self.epochs = len(history)
        columns = {name: np.asarray(history.column(name)) for name in history.columns}
        self.train, self.test = columns["train_loss"], columns["test_loss"]
        self.train_accuracy, self.test_accuracy = columns["train_accuracy"], columns["test_accuracy"]
        self.guess = math.log(config.n_classes)
        self.gradient = torch.zeros(0)  # that of the last parameters, once they are tested
        self.random = bool(config.batch_size or config.dropout)  # its losses are never smooth

    @property
    def accuracy(self) -> float:
        """The accuracy on the training points at the end, without dropout if that can be known."""
        if self.config.dropout and self.parameters is not None:
            return _tested(self)[1]
        return float(self.train_accuracy[-self.tail :].mean())

    @property
    def tail(self) -> int:
        """The number of the last epochs over which noise is averaged."""
        return max(1, self.epochs // 20)

    @property
    def good(self) -> bool:
        """Whether the model tells its training points apart as well as can be asked."""
        return self.accuracy >= reachable(self.config) - NEAR

    def falls(self) -> float:
        """By how many percent the train loss fell in the last quarter."""
        tail = self.tail
        before = self.train[max(0, self.epochs * 3 // 4 - tail) : max(1, self.epochs * 3 // 4)].mean()
        return float(100 * (1 - self.train[-tail:].mean() / max(before, 1e-12)))


def reachable(config: PointsConfig) -> float:
    """The accuracy, in percent, that can be reached on points like these; see `_reachable`."""
    data = points_data(config)
    return _reachable(_Key(data.points_train[:SAMPLE], data.y_train[:SAMPLE]))


class _Key:
    """Points as the key of a cache, which compares them by their bytes."""

    def __init__(self, X: torch.Tensor, y: torch.Tensor) -> None:
        self.X, self.y = X, y
        self._bytes = X.numpy().tobytes() + y.numpy().tobytes()

    def __hash__(self) -> int:
        return hash(self._bytes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._bytes == other._bytes


@lru_cache(maxsize=64)
def _reachable(points: _Key) -> float:
    """How many percent of the points a smooth classifier gets right that learned from all others: the best of a few.

    It is kernel regression, whose errors on left-out points have a closed form: those on all points, divided by
    1 minus the diagonal of the hat matrix.
    """
    X = points.X.double()
    apart = torch.cdist(X, X).square() / X.var()
    wanted = 2.0 * functional.one_hot(points.y.long()).double() - 1  # (N, classes)
    best = 0.0
    for width in WIDTHS:
        kernel = torch.exp(-apart / (2 * width**2))
        hat = torch.linalg.solve(kernel + 0.1 * torch.eye(len(X), dtype=torch.float64), kernel)
        left_out = wanted - (wanted - hat @ wanted) / (1 - hat.diagonal()).unsqueeze(1)
        best = max(best, 100 * float((left_out.argmax(dim=1) == points.y).double().mean()))
    return best


def in_reach(config: PointsConfig) -> float:
    """The best accuracy, in percent, of this network on its training points in a trial: Adam from a few starts."""
    trial = replace(
        PointsConfig(),
        **{name: getattr(config, name) for name in ("data", "own", "points", "noise", "classes", "train_fraction")},
        **{name: getattr(config, name) for name in ("features", "hidden", "activation")},
        seed=config.seed,
        optimizer="adam",
        lr=TRIAL_LR,
        epochs=TRIAL_EPOCHS,
    )
    return _tried(trial)


@lru_cache(maxsize=256)
def _tried(config: PointsConfig) -> float:
    batch = Batch([config] * TRIAL_STARTS)
    for row in range(1, TRIAL_STARTS):  # the points stay those of the seed, only the start is another one
        batch.start(row, replace(config, seed=(config.seed + row) % 2**32))
    while not batch.done:
        batch.advance()
    return float(batch.record[-TRIAL_EPOCHS // 10 :, 2].mean(dim=0).max())


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
    return {"accuracy": curve.accuracy, "reachable": reachable(curve.config)} if curve.good else None


def _dead_units(curve: Curve) -> dict[str, float] | None:
    if curve.parameters is None or curve.config.activation != "relu" or not curve.config.hidden:
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
    pull = _pull(curve)
    if config.weight_decay and pull >= 0.5:
        return {"pull": 100 * pull, "weight_decay": config.weight_decay}
    left = min(config.hidden, default=16) * (1 - config.dropout)
    if config.dropout and left < 4:
        return {"left": left, "dropout": config.dropout}
    return None


def _too_small(curve: Curve) -> dict[str, float] | None:
    possible = in_reach(curve.config)
    if possible >= min(reachable(curve.config) - NEAR, 100.0) and possible > curve.accuracy:
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


def _bends(config: PointsConfig) -> bool:
    """Whether the boundary can be anything but a straight line in the inputs."""
    return bool(config.hidden) and config.activation != "none"


# --- looks at the network


def dead_units(config: PointsConfig, parameters: torch.Tensor) -> list[int]:
    """How many ReLU units of each hidden layer are 0 for all training points, with these parameters (P,)."""
    x, counts = points_data(config).X_train, []
    for weight, bias in layers_of(config, parameters)[:-1]:
        x = functional.linear(x, weight, bias).relu()
        counts.append(int((x <= 0).all(dim=0).sum()))
    return counts


def layers_of(config: PointsConfig, parameters: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """The weight (after, before) and the bias (after,) of each layer, from all parameters in one row (P,)."""
    sizes, layers, at = [len(config.features), *config.hidden, config.outputs], [], 0
    for before, after in itertools.pairwise(sizes):
        weight = parameters[at : at + after * before].reshape(after, before)
        at += after * before
        layers.append((weight, parameters[at : at + after]))
        at += after
    return layers


def _tested(curve: Curve) -> tuple[torch.Tensor, float]:
    """The loss and the accuracy on the training points with the last parameters, without dropout."""
    assert curve.parameters is not None
    model = build_model(curve.config).eval()
    torch.nn.utils.vector_to_parameters(curve.parameters[-1].clone(), model.parameters())
    logits = model(curve.data.X_train)
    y = curve.data.y_train
    if curve.config.outputs == 1:
        found, loss = logits > 0, functional.binary_cross_entropy_with_logits(logits, y)
    else:
        found, loss = logits.argmax(dim=1), functional.cross_entropy(logits, y)
    loss.backward()  # type: ignore[no-untyped-call]
    curve.gradient = torch.cat([param.grad.flatten() for param in model.parameters() if param.grad is not None])
    return loss.detach(), 100 * float((found == y).double().mean())


def _pull(curve: Curve) -> float:
    """The pull of weight decay as a share of that of the points: their gradients, both at the end."""
    _tested(curve)
    assert curve.parameters is not None
    decay = curve.config.weight_decay * float(curve.parameters[-1].norm())
    return decay / max(float(curve.gradient.norm()), 1e-12)


def _findings(curve: Curve, label: str) -> tuple[Finding, ...]:
    """Some dead units that did no great harm are still worth a word."""
    if (
        label == "dead_units"
        or curve.parameters is None
        or curve.config.activation != "relu"
        or not curve.config.hidden
    ):
        return ()
    dead = sum(dead_units(curve.config, curve.parameters[-1]))
    return (Finding("dead_units", {"dead": dead, "units": sum(curve.config.hidden)}),) if dead else ()


# --- what to try


def _smaller_steps(config: PointsConfig) -> Suggestion:
    if applies(config, "momentum") and config.momentum > 0.9:
        return Suggestion({"momentum": 0.5})
    return Suggestion({"lr": float(f"{max(config.lr / 10, 0.0001):.2g}")})


def _larger_steps(config: PointsConfig) -> Suggestion:
    if config.optimizer == "sgd" and config.lr < 0.1:
        return Suggestion({"lr": 0.1})
    if config.optimizer == "sgd":
        return Suggestion({"optimizer": "adam", "lr": 0.02})
    return Suggestion({"epochs": min(5000, 3 * config.epochs)})


def _larger_network(config: PointsConfig) -> Suggestion:
    if not _bends(config):
        changes: dict[str, Any] = {"activation": "tanh" if config.activation == "none" else config.activation}
        return Suggestion({**changes, "hidden": config.hidden or (8,)})
    if len(config.hidden) < 2:
        return Suggestion({"hidden": (8, 8)})
    return Suggestion({"hidden": tuple(min(16, max(8, 2 * units)) for units in config.hidden)})


def _less_regularisation(config: PointsConfig) -> Suggestion:
    if config.weight_decay:
        return Suggestion({"weight_decay": 0.0})
    return Suggestion({"dropout": 0.0})


def _more_points(config: PointsConfig) -> Suggestion:
    if config.data != "own" and config.points < 200:
        return Suggestion({"points": 500})
    return Suggestion({"weight_decay": 0.01 if not config.weight_decay else min(1.0, 10 * config.weight_decay)})


_SUGGEST: dict[str, Any] = {
    "overfitting": _more_points,
    "learned": lambda config: None,
    "dead_units": lambda config: Suggestion({"activation": "tanh"}),
    "bouncing": _smaller_steps,
    "over_regularised": _less_regularisation,
    "too_slow": _larger_steps,
    "too_small": _larger_network,
}

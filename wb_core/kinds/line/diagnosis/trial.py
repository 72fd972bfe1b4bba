"""Trains a line in NumPy, about twenty times as fast as PyTorch, to try advice before it is given.

The numbers are 32-bit like PyTorch's, so a trial also stalls where rounding swallows the steps, but its bits differ.
"""

import math
from collections.abc import Callable

import numpy as np

from ....base.seeding import generator
from ..config import LinearConfig
from ..models import MODELS
from .evidence import TrainingCurve
from .limits import Limits
from .training_curves import TrainingCurves
from .verdicts import judge

BETA_1, BETA_2, EPS = 0.9, 0.999, 1e-8
"""The defaults of `torch.optim.Adam`."""

CALM = 20
"""A trial has arrived when its loss was as good as the best for this many epochs, and for a seventh of them all."""


class Trial:
    """A training of the points of `limits` from the line `start` (weight, bias), as far as `advance` took it.

    `losses` has the train loss before each epoch, `lines` (n, 2) the line after it, `gradients` (n, 2) those of its
    step. `failed` says whether the numbers grew until they overflowed.
    """

    def __init__(self, config: LinearConfig, limits: Limits, start: np.ndarray | None = None) -> None:
        self.config, self.limits = config, limits
        first = start_of(config) if start is None else start
        with np.errstate(all="ignore"):
            self._line = np.asarray(first, dtype=np.float32)
            self._ones = np.stack([limits.X, np.ones_like(limits.X)]).astype(np.float32)  # (2, N)
            self._y = limits.y.astype(np.float32)
        self._mean, self._square, self._steps = (0.0, 0.0), (0.0, 0.0), 0
        self.losses: list[float] = []
        self.lines: list[tuple[float, float]] = []
        self.gradients: list[tuple[float, float]] = []
        self.failed = False
        self.since = 0  # the epoch since which every loss was as good as the best

    @classmethod
    def resumed(cls, curve: TrainingCurve, nudge: float = 0.0) -> "Trial":
        """A trial that continues a recorded run, with the memory that its optimizer has at the end.

        `nudge` is the share by which its line is moved first.
        """
        trial = cls(curve.config, curve.limits, curve.lines[-1] * (1 + nudge))
        gradients = curve.gradients[::-1]
        age = np.arange(len(gradients))[:, None]
        with np.errstate(all="ignore"):
            if curve.config.optimizer == "adam":
                trial._mean = _pair((1 - BETA_1) * (BETA_1**age * gradients).sum(axis=0))
                trial._square = _pair((1 - BETA_2) * (BETA_2**age * gradients**2).sum(axis=0))
            else:
                trial._mean = _pair((curve.config.momentum**age * gradients).sum(axis=0))
        trial._steps = len(gradients)
        return trial

    def advance(self, epochs: int, *, until_calm: bool = False) -> bool:
        """Train for some epochs, or until the trial has `arrived`; returns whether it has."""
        X, X1, y, loss_of = self._ones[0], self._ones, self._y, COSTS[self.config.loss]
        enough = self.limits.best.loss + self.limits.tolerance
        lr, momentum, adam = self.config.lr, self.config.momentum, self.config.optimizer == "adam"
        weight, bias = self._line
        points = len(y)
        with np.errstate(all="ignore"):
            for _ in range(epochs):
                total, tilt = loss_of(weight * X + bias - y)
                loss = total / points
                if not math.isfinite(loss):
                    self.failed = True
                    break
                gradient = _pair(X1.dot(tilt) / points)
                self.losses.append(loss)
                self.gradients.append(gradient)
                if loss > enough:
                    self.since = len(self.losses)
                self._steps += 1
                if adam:
                    step = self._adam(gradient)
                else:
                    step = self._mean = (
                        momentum * self._mean[0] + gradient[0],
                        momentum * self._mean[1] + gradient[1],
                    )
                weight, bias = np.float32(weight - lr * step[0]), np.float32(bias - lr * step[1])
                self.lines.append((float(weight), float(bias)))
                if until_calm and self.arrived:
                    break
        self._line = np.array([weight, bias])
        return self.arrived

    @property
    def arrived(self) -> bool:
        """Whether the loss has been as good as the best for a while."""
        return not self.failed and len(self.losses) - self.since >= max(CALM, self._steps // 7)

    def _adam(self, gradient: tuple[float, float]) -> tuple[float, float]:
        self._mean = _blend(BETA_1, self._mean, gradient)
        self._square = _blend(BETA_2, self._square, (gradient[0] ** 2, gradient[1] ** 2))
        down, root = 1 - BETA_1**self._steps, math.sqrt(1 - BETA_2**self._steps)
        first, second = (
            mean / down / (math.sqrt(square) / root + EPS)
            for mean, square in zip(self._mean, self._square, strict=True)
        )
        return first, second

    def label(self, before: TrainingCurve | None = None) -> str:
        """The label of what ran, or of the recorded run `before` and what ran after it."""
        if self.failed or not self.losses:
            return "exploding"
        train, lines, gradients = (np.array(part, dtype=float) for part in (self.losses, self.lines, self.gradients))
        if before is not None:
            train = np.concatenate([before.losses[:-1], train])
            lines, gradients = np.concatenate([before.lines, lines]), np.concatenate([before.gradients, gradients])
        curves = TrainingCurves.of(
            [self.config], [self.limits], train=train[None], lines=lines[None], gradients=gradients[None]
        )
        return str(judge(curves).labels[0])

    @property
    def level(self) -> float:
        """How much the last losses were above the least possible one, on average."""
        last = self.losses[-max(4, len(self.losses) // 8) :]
        return math.inf if self.failed or not last else sum(last) / len(last) - self.limits.best.loss

    @property
    def looks_best(self) -> bool:
        """Whether the last lines cannot be told from the best one on the chart."""
        last = self.lines[-max(4, len(self.lines) // 8) :]
        return not self.failed and bool(self.limits.look_best(last).all())


def start_of(config: LinearConfig) -> np.ndarray:
    """Weight and bias before a new training: (2,)."""
    return np.array([parameter.item() for parameter in MODELS[config.model](generator(config.seed)).parameters()])


Cost = tuple[float, np.ndarray]
"""The sum of the losses of some residuals (N,), and the derivative (N,) of each."""


def _l1(rest: np.ndarray) -> Cost:
    tilt = np.sign(rest)
    return float(tilt.dot(rest)), tilt


def _mse(rest: np.ndarray) -> Cost:
    return float(rest.dot(rest)), rest + rest


def _huber(rest: np.ndarray) -> Cost:
    tilt = np.minimum(np.maximum(rest, -1), 1)
    return float(tilt.dot(rest) - tilt.dot(tilt) / 2), tilt


COSTS: dict[str, Callable[[np.ndarray], Cost]] = {"l1": _l1, "mse": _mse, "huber": _huber}


def _pair(values: np.ndarray) -> tuple[float, float]:
    first, second = values.tolist()
    return first, second


def _blend(share: float, old: tuple[float, float], new: tuple[float, float]) -> tuple[float, float]:
    return share * old[0] + (1 - share) * new[0], share * old[1] + (1 - share) * new[1]

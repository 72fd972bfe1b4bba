"""One thing to try for each diagnosis. Each is tried out before it is given, so that it leads somewhere."""

import dataclasses
import math
from collections.abc import Iterator

import numpy as np

from ....base.diagnosis import Finding, Suggestion
from ....base.fields import applies
from ..config import LinearConfig
from ..data import CPU, line_data
from .evidence import TrainingCurve
from .limits import Limits, limits_of
from .natural import (
    LEAST_STEP,
    MOST_EPOCHS,
    MOST_STEP,
    lr_up_to,
    more_epochs,
    offered_epochs,
    reduce_bouncing,
    smaller_steps,
    speed_up,
)
from .trial import Trial, start_of

WORK = 30_000_000
"""Trials cost epochs x (points + 1,000). Beyond this, about 0.3 s, no more is tried for one diagnosis."""


def suggest(
    label: str,
    curve: TrainingCurve,
    more: float | None = None,
    found: tuple[Finding, ...] = (),
    *,
    from_seed: bool = False,
) -> Suggestion | None:
    """One thing to try for a label, or None if all is well; `more` is how many more epochs are needed, if known.

    The first of the candidates, which is the most natural, needs to help: the new line looks like the best one, or the
    excess falls to a quarter. If it is a new training of more epochs, it must not bounce, as a calm one is worth them.
    The others need to end at the best line. If none does, it is the one that helps most.
    """
    there = label in ("converged", "optimum")
    if found and (not there or not curve.limits.determined or curve.config.train_fraction < 0.8):
        return more_points(curve.config)
    if there:
        return None
    trials = _Trials(curve, start_of(curve.config) if from_seed else _start(curve))
    helpful: list[tuple[float, Suggestion]] = []
    raw = bool(curve.config.points) and not curve.config.standardise  # then only what arrives is good advice
    for place, candidate in enumerate(_candidates(label, curve, more)):
        suggestion = _changed(curve.config, candidate)
        if suggestion is None or trials.work > WORK:
            continue
        level, better, bounces = trials.follow(suggestion)
        detour = bounces and "epochs" in suggestion.changes and not suggestion.resume
        if level == 0 or (place == 0 and level < math.inf and not detour and not raw):
            return better
        if level < math.inf:
            helpful.append((level, better))
    return min(helpful, key=lambda each: each[0])[1] if helpful else None


def more_points(config: LinearConfig) -> Suggestion | None:
    """More training points: a larger share of them, or a smaller step from one X to the next; None if neither helps."""
    larger = dataclasses.replace(config, train_fraction=0.8)
    if config.train_fraction < 0.8 and larger.train_points > max(1, config.train_points):
        return Suggestion({"train_fraction": 0.8})
    if config.points:
        return None
    fine = min(config.step / 4, (config.end - config.start) / 100, MOST_STEP)
    step = round(max(math.floor(fine / LEAST_STEP) * LEAST_STEP, LEAST_STEP), 3)
    return Suggestion({"step": step}) if step < config.step else None


def _changed(config: LinearConfig, suggestion: Suggestion) -> Suggestion | None:
    """The suggestion without the settings that the run already has; None if nothing is left."""
    if suggestion.resume:
        return suggestion
    there = dataclasses.replace(config, **suggestion.changes)
    changes = {
        name: value
        for name, value in suggestion.changes.items()
        if getattr(config, name) != value and applies(there, name)
    }
    return Suggestion(changes) if set(changes) - {"epochs"} else None


def _candidates(label: str, curve: TrainingCurve, more: float | None) -> Iterator[Suggestion]:
    config, limits = curve.config, curve.limits
    if limits.far and not config.standardise and not curve.looks_best:  # there is little hope without it
        yield from _elsewhere(config, {"standardise": True})
    if label == "bouncing":
        yield reduce_bouncing(curve)
    elif label == "exploding" or limits.exceeded(config):
        yield smaller_steps(config, limits)
    elif label == "too_slow" and (faster := speed_up(curve)):
        yield faster
    elif config.optimizer == "sgd" and config.momentum > 0.8 and curve.as_batch.oscillates[0]:
        yield Suggestion({"momentum": 0.9 if config.momentum > 0.9 else 0.5})
    if label in ("learning", "too_slow") and not limits.exceeded(config):
        yield more_epochs(curve, more)
    settings = _other_settings(config, limits)
    if curve.looks_best:  # no other data for what nobody can see
        yield from settings
        return
    if config.points and not config.standardise:
        yield from _elsewhere(config, {"standardise": True})
    yield from settings
    if config.loss == "l1":
        yield from _elsewhere(config, {"loss": "mse"})
    if not config.points and not config.standardise:
        yield from _elsewhere(config, {"standardise": True})


def _elsewhere(config: LinearConfig, changes: dict[str, float | str]) -> Iterator[Suggestion]:
    """The other settings for scaled points or another loss."""
    there = dataclasses.replace(config, **changes)  # type: ignore[arg-type]
    for suggestion in _other_settings(there, _limits(there)):
        yield Suggestion({**changes, **suggestion.changes})


def _other_settings(config: LinearConfig, limits: Limits) -> Iterator[Suggestion]:
    """Other learning rates, less and more momentum, and Adam, for the same points and loss."""
    adam = [Suggestion({"optimizer": "adam", "lr": lr}) for lr in (0.1, 0.01, 0.001)]
    if config.optimizer == "adam":
        yield from adam
    plain = dataclasses.replace(config, optimizer="sgd", momentum=0.0)
    limit = limits.lr(plain)
    if limit is None:
        # A step of L1 moves the line by up to lr * (1 + mean X * X); half of that remains as a swing.
        limit = 2 * limits.tolerance / (1 + float(np.mean(limits.X**2)))
    for lr in filter(None, map(lr_up_to, (limit / 2, limit / 6))):
        for momentum in sorted({0.0, 0.9, min(config.momentum, 0.9)}, key=lambda value: abs(value - config.momentum)):
            yield Suggestion({"optimizer": "sgd", "momentum": momentum, "lr": lr})
    if config.optimizer != "adam":
        yield from adam


def _limits(config: LinearConfig) -> Limits:
    return limits_of(line_data(config, CPU), config.loss)


class _Trials:
    """Tries suggestions on a recorded run, new trainings from `start` (2,); `work` is what that has cost."""

    def __init__(self, curve: TrainingCurve, start: np.ndarray) -> None:
        self.curve, self.start = curve, start
        self.level = float(curve.excess[-max(4, len(curve.excess) // 8) :].mean())
        self.work = 0.0

    def follow(self, suggestion: Suggestion) -> tuple[float, Suggestion, bool]:
        """Try a suggestion, if need be with more epochs: the excess that it leads to, the suggestion, and
        whether it ends bouncing, where one can see it.

        The excess is 0 at the best line, and infinite if the suggestion does not help.
        """
        trial, before = self._begin(suggestion)
        first = min(int(suggestion.changes.get("epochs", trial.config.epochs)), MOST_EPOCHS)
        trial.advance(first)
        label = trial.label(before)
        arrived, bounces = label in ("converged", "optimum"), label == "bouncing" and not trial.looks_best
        helps, level = self._helps(trial), trial.level
        if not arrived and self._goes_on(trial):
            epochs = offered_epochs(len(trial.losses))
            trial.advance(epochs - len(trial.losses))
            arrived = trial.label(before) in ("converged", "optimum")
            if arrived:
                suggestion = Suggestion({**suggestion.changes, "epochs": epochs}, suggestion.resume)
        self.work += len(trial.losses) * (len(trial.limits.X) + 1000)
        return 0.0 if arrived else level if helps else math.inf, suggestion, bounces

    def _begin(self, suggestion: Suggestion) -> tuple[Trial, TrainingCurve | None]:
        if suggestion.resume:
            return Trial.resumed(self.curve), self.curve
        config = dataclasses.replace(self.curve.config, **suggestion.changes)
        if {"loss", "standardise"} & set(suggestion.changes):
            return Trial(config, _limits(config), self.start), None
        return Trial(config, self.curve.limits, self.start), None

    @staticmethod
    def _goes_on(trial: Trial) -> bool:
        """Train on while there is hope that the trial arrives within the offered epochs; returns whether it did."""
        while not trial.failed and (left := MOST_EPOCHS - len(trial.losses)) > 0:
            before = trial.level
            if trial.advance(min(max(200, len(trial.losses) // 4), left), until_calm=True):
                return True
            fall = math.log(before / trial.level) if before > trial.level > 0 else 0.0
            need = max(math.log(max(trial.level / trial.limits.tolerance, 1.0)), 0.1)
            if fall * left / max(200, len(trial.losses) // 5) < need / 4:
                return False
        return False

    def _helps(self, trial: Trial) -> bool:
        if trial.looks_best and not self.curve.looks_best:
            return True
        return trial.limits is self.curve.limits and trial.level < self.level / 4


def _start(curve: TrainingCurve) -> np.ndarray:
    """Weight and bias before the first epoch of a recorded run: (2,)."""
    config, gradient = curve.config, curve.gradients[0]
    start: np.ndarray = curve.lines[0] + config.lr * (np.sign(gradient) if config.optimizer == "adam" else gradient)
    usual = start_of(config)
    return usual if np.allclose(start, usual, rtol=1e-3, atol=1e-3) else start

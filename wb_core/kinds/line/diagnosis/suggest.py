"""One thing to try for each diagnosis. The tests train with every suggestion, and it must help."""

import bisect
import dataclasses

import numpy as np

from ....base.diagnosis import Finding, Suggestion
from ....base.fields import Number, log_stops, specs
from ..config import LinearConfig
from .evidence import TrainingCurve
from .limits import Limits
from .outlook import descent, epochs_to_go
from .verdicts import FEW


def suggest(
    label: str, curve: TrainingCurve, more: float | None = None, found: tuple[Finding, ...] = ()
) -> Suggestion | None:
    """One thing to try for a label, or None if all is well; `more` is how many more epochs are needed, if known."""
    if label == "bouncing":
        return _reduce_bouncing(curve)
    if label == "exploding" or curve.limits.exceeded(curve.config):
        return smaller_steps(curve.config, curve.limits)
    if label == "too_slow":
        return _speed_up(curve) or _more_epochs(curve, more)
    if label == "learning":
        return _more_epochs(curve, more)
    return Suggestion({"train_fraction": 0.8}) if found and curve.config.train_fraction < 0.8 else None


def smaller_steps(config: LinearConfig, limits: Limits) -> Suggestion:
    """Half the limit, at which the steepest direction needs one step; Adam, if no offered learning rate is so low."""
    limit = limits.lr(config)
    lr = _lr_up_to(config.lr / 10 if limit is None else limit / 2)
    return Suggestion({"optimizer": "adam", "lr": 0.1} if lr is None else {"lr": lr})


def _reduce_bouncing(curve: TrainingCurve) -> Suggestion:
    """Steps so small that the remaining bouncing is within the tolerance, and enough epochs to get there."""
    config, limits = curve.config, curve.limits
    limit = limits.lr(config)
    if limit is not None:
        if config.lr > limit / 2:
            return _with_time(curve, {"lr": _lr_up_to(limit / 2) or _least("lr")})
        if config.momentum > 0.5:
            return _with_time(curve, {"momentum": 0.9 if config.momentum > 0.9 else 0.5})
    band = curve.excess[curve.band[0] :].max()
    wanted, cost = config.lr * min(max(0.5 * limits.tolerance / band, 1e-3), 0.5), _descent_cost(curve)
    lr = _lr_up_to(max(wanted, cost / _most("epochs"))) or _least("lr")
    if lr >= config.lr:
        lr = _lr_up_to(config.lr / 2) or _least("lr")
    return _with_time(curve, {"lr": lr}, cost)


def _speed_up(curve: TrainingCurve) -> Suggestion | None:
    """A learning rate at which the descent takes most of the epochs; None if that is not clearly higher."""
    config, limits = curve.config, curve.limits
    limit = limits.lr(config)
    cost = _descent_cost(curve) if limit is None else 0.0
    lr = cost / (0.7 * max(config.epochs, FEW)) if limit is None else limit / 2
    lr = _lr_up_to(min(lr, _most("lr"))) or _least("lr")
    if lr > 1.2 * config.lr:
        return _with_time(curve, {"lr": lr}, cost)
    if limit is not None and config.momentum < 0.9:
        return _with_time(curve, {"momentum": 0.9})
    return None


def _more_epochs(curve: TrainingCurve, more: float | None) -> Suggestion:
    """As many more epochs as are needed, and at least as many as the run had."""
    return Suggestion({"epochs": _epochs(max(more or 0, curve.epochs, 10))}, resume=True)


def _descent_cost(curve: TrainingCurve) -> float:
    """The learning rate x epochs that it takes from the first line to the best one."""
    config, limits = curve.config, curve.limits
    if config.optimizer == "sgd":
        return descent(limits, curve.lines[0]) * (1 - config.momentum)
    # Adam moves each parameter by about the learning rate per epoch, and less where gradients get small.
    slower = 3 if config.loss == "l1" else 6
    return slower * float(np.abs(curve.lines[0] - (limits.best.weight, limits.best.bias)).max())


def _with_time(curve: TrainingCurve, changes: dict[str, float], cost: float | None = None) -> Suggestion:
    """These changes, and more epochs if needed; `cost` is the result of `_descent_cost`, if known."""
    config = dataclasses.replace(curve.config, **changes)  # type: ignore[arg-type]
    if config.optimizer == "sgd" and config.loss != "l1":
        need = epochs_to_go(config, curve.limits, curve.lines[0], curve.lines[0])
    else:
        need = (_descent_cost(curve) if cost is None else cost) / config.lr
    return Suggestion({**changes, "epochs": _epochs(need)} if need > config.epochs else dict(changes))


def _epochs(need: float) -> int:
    """The smallest offered number of epochs that is enough, else the largest offered one."""
    low, high = _offered("epochs")
    stops = [stop for stop in log_stops(low, high) if stop == int(stop)]
    return int(stops[min(bisect.bisect_left(stops, need), len(stops) - 1)])


def _lr_up_to(value: float) -> float | None:
    """The highest offered learning rate up to `value`, or None."""
    stops = log_stops(*_offered("lr"))
    place = bisect.bisect_right(stops, value)
    return stops[place - 1] if place else None


def _offered(name: str) -> tuple[float, float]:
    spec = specs(LinearConfig)[name]
    assert isinstance(spec, Number)
    return spec.offered


def _least(name: str) -> float:
    return _offered(name)[0]


def _most(name: str) -> float:
    return _offered(name)[1]

"""What one would try first for each diagnosis, from formulas."""

import bisect
import dataclasses

import numpy as np

from ....base.diagnosis import Suggestion
from ....base.fields import Number, log_stops, specs
from ..config import LinearConfig
from .evidence import TrainingCurve
from .limits import Limits
from .outlook import descent, epochs_to_go
from .verdicts import FEW


def _offered(name: str) -> tuple[float, float]:
    spec = specs(LinearConfig)[name]
    assert isinstance(spec, Number)
    return spec.offered


LEAST_LR, MOST_LR = _offered("lr")
MOST_EPOCHS = int(_offered("epochs")[1])
LEAST_STEP, MOST_STEP = _offered("step")


def smaller_steps(config: LinearConfig, limits: Limits) -> Suggestion:
    """Half the limit, at which the steepest direction needs one step; Adam, if no offered learning rate is so low."""
    limit = limits.lr(config)
    lr = lr_up_to(config.lr / 10 if limit is None else limit / 2)
    return Suggestion({"optimizer": "adam", "lr": 0.1} if lr is None else {"lr": lr})


def reduce_bouncing(curve: TrainingCurve) -> Suggestion:
    """Steps so small that the remaining bouncing is within the tolerance, and enough epochs to get there."""
    config, limits = curve.config, curve.limits
    limit = limits.lr(config)
    if limit is not None:
        if config.lr > limit / 2:
            return _with_time(curve, {"lr": lr_up_to(limit / 2) or LEAST_LR})
        if config.momentum > 0.5:
            return _with_time(curve, {"momentum": 0.9 if config.momentum > 0.9 else 0.5})
    band = curve.excess[curve.band[0] :].max()
    wanted, cost = config.lr * min(max(0.5 * limits.tolerance / band, 1e-3), 0.5), _descent_cost(curve)
    lr = lr_up_to(max(wanted, cost / MOST_EPOCHS)) or LEAST_LR
    if lr >= config.lr:
        lr = lr_up_to(config.lr / 2) or LEAST_LR
    return _with_time(curve, {"lr": lr}, cost)


def speed_up(curve: TrainingCurve) -> Suggestion | None:
    """A learning rate at which the descent takes most of the epochs; None if that is not clearly higher."""
    config, limits = curve.config, curve.limits
    limit = limits.lr(config)
    cost = _descent_cost(curve) if limit is None else 0.0
    lr = cost / (0.7 * max(config.epochs, FEW)) if limit is None else limit / 2
    lr = lr_up_to(min(lr, MOST_LR)) or LEAST_LR
    if lr > 1.2 * config.lr:
        return _with_time(curve, {"lr": lr}, cost)
    if limit is not None and config.momentum < 0.9:
        return _with_time(curve, {"momentum": 0.9})
    return None


def more_epochs(curve: TrainingCurve, more: float | None) -> Suggestion:
    """As many more epochs as are needed, and at least as many as the run had."""
    return Suggestion({"epochs": offered_epochs(max(more or 0, curve.epochs, 10))}, resume=True)


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
    return Suggestion({**changes, "epochs": offered_epochs(need)} if need > config.epochs else dict(changes))


def offered_epochs(need: float) -> int:
    """The smallest offered number of epochs that is enough, else the largest offered one."""
    stops = [stop for stop in log_stops(1, MOST_EPOCHS) if stop == int(stop)]
    return int(stops[min(bisect.bisect_left(stops, need), len(stops) - 1)])


def lr_up_to(value: float) -> float | None:
    """The highest offered learning rate up to `value`, or None."""
    stops = log_stops(LEAST_LR, MOST_LR)
    place = bisect.bisect_right(stops, value)
    return stops[place - 1] if place else None

"""One thing to try after a run on points."""

from collections.abc import Callable, Mapping
from typing import Any

from ....base.diagnosis import Suggestion
from ....base.fields import applies
from ..config import PointsConfig


def suggest(label: str, config: PointsConfig) -> Suggestion | None:
    """What to change after a run with this label; None if the run has these settings already."""
    wanted = _WANTED[label](config) if label in _WANTED else {}
    changes = {name: value for name, value in wanted.items() if getattr(config, name) != value}
    return Suggestion(changes) if changes else None


def _smaller_steps(config: PointsConfig) -> dict[str, Any]:
    if applies(config, "momentum") and config.momentum > 0.9:
        return {"momentum": 0.5}
    return {"lr": float(f"{max(config.lr / 10, 0.0001):.2g}")} if config.lr > 0.0001 else {}


def _larger_steps(config: PointsConfig) -> dict[str, Any]:
    if config.optimizer == "sgd" and config.lr < 0.1:
        return {"lr": 0.1}
    if config.optimizer == "sgd":
        return {"optimizer": "adam", "lr": 0.02}
    return {"epochs": min(5000, 3 * config.epochs)}


def _larger_network(config: PointsConfig) -> dict[str, Any]:
    if not config.hidden or config.activation == "none":  # the boundary is a straight line
        changes: dict[str, Any] = {"activation": "tanh" if config.activation == "none" else config.activation}
        return {**changes, "hidden": config.hidden or (8,)}
    if len(config.hidden) < 2:
        return {"hidden": (8, 8)}
    return {"hidden": tuple(min(16, max(8, 2 * units)) for units in config.hidden)}


def _less_regularisation(config: PointsConfig) -> dict[str, Any]:
    if config.weight_decay:
        return {"weight_decay": 0.0}
    return {"dropout": 0.0}


def _more_points(config: PointsConfig) -> dict[str, Any]:
    if config.data != "own" and config.points < 200:
        return {"points": 500}
    return {"weight_decay": 0.01 if not config.weight_decay else min(1.0, 10 * config.weight_decay)}


_WANTED: Mapping[str, Callable[[PointsConfig], dict[str, Any]]] = {
    "overfitting": _more_points,
    "dead_units": lambda config: {"activation": "tanh"},
    "bouncing": _smaller_steps,
    "exploding": _smaller_steps,
    "over_regularised": _less_regularisation,
    "too_slow": _larger_steps,
    "too_small": _larger_network,
}

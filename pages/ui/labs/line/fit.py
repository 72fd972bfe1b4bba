"""What the browser must know to show the residuals of a run, and to let a hand move its points."""

import contextlib
from typing import Any

import streamlit as st

import wb_core as wb

from ...figures.recording import MOST_SHOWN
from ...i18n import N_, _
from ...session import state
from ...widgets import fields
from .. import by_hand
from .lab import LinearLab

MOST = 1000
"""Of more points, none can be moved by hand: the browser sends all of them."""


KEY = "linear.point"

LOSSES = {
    "l1": N_("L1 loss of each line as drawn: its mean distance from the training points."),
    "mse": N_("MSE loss of each line as drawn: its mean squared distance from the training points."),
    "huber": N_("Huber loss of each line as drawn: half the square of a short distance, the length of a long one."),
}
SCALED_LOSSES = {
    "l1": N_("L1 loss of each line as drawn: its mean distance from the scaled training points."),
    "mse": N_("MSE loss of each line as drawn: its mean squared distance from the scaled training points."),
    "huber": N_(
        "Huber loss of each line as drawn, of the scaled points: half the square of a short distance, the length of a "
        "long one."
    ),
}


def offer(run: wb.Run, point: int | None) -> dict[str, Any]:
    """The points in their order, how they are split, and the words for what can be done with them.

    `point` is the chosen one.
    """
    config = run.config
    movable = config.size <= MOST
    return {
        "loss": config.loss,
        "all": config.size <= MOST_SHOWN,  # of more points, the browser compares no losses
        "unit": run.data.scale.y_std,
        "standardise": config.standardise,
        "points": [list(pair) for pair in wb.points_of(config)] if movable else None,
        "most": MOST,
        "chosen": point,
        "fraction": config.train_fraction,
        "shuffled": by_hand.sides(MOST, config.train_fraction, config.seed) if config.shuffle else None,
        "words": _words(config),
    }


def chosen(lab: LinearLab) -> int | None:
    """The point whose biography is shown, by its place; None before and during a training."""
    point = state.get(KEY)
    ready = lab.run.epoch > 0 and not lab.training
    return point if ready and type(point) is int and 0 <= point < lab.run.config.size else None


def choose(point: Any) -> None:
    """Show the biography of a point that the browser sent, or of none, in a callback before the script run."""
    state.put(KEY, point if type(point) is int else None)


def note(lab: LinearLab) -> None:
    """Say what a chosen point changes on the page, with a button that closes its biography."""
    if chosen(lab) is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="point"):
        st.caption(_("While a point is chosen, the charts follow a slider only when you let go of it."))
        st.button(_("Close the point"), key="linear.point.close", on_click=choose, args=(None,))


def put(points: Any) -> None:
    """Learn from the points that the browser sent, in a callback before the script run."""
    with contextlib.suppress(wb.ConfigError, TypeError):
        if points and len(points) <= MOST:
            fields.put(wb.LinearConfig, {"points": wb.LinearConfig(points=points).points})


def _words(config: wb.LinearConfig) -> dict[str, Any]:
    shared = by_hand.words(MOST, own=bool(config.points), becomes=_("The line's points become your own."))
    return {
        **shared,
        "how": _("A click or tap adds a point, a drag moves it, Delete or a drag out of the chart removes it."),
        "keys": _(
            "Arrows move the point, with Shift further. Enter adds one, Delete removes it, Page Down goes to the next, "
            "Escape ends."
        ),
        "reads": _("Arrows go from point to point. Enter shows how this one pulled at the line in every epoch."),
        "point": _("Point {number} of {count}, for training: X {x}, y {y}."),
        "test_point": _("Point {number} of {count}, for testing: X {x}, y {y}. The line doesn't learn from it."),
        "new_test_point": _("Your new point is a test point: the line doesn't learn from it."),
        "waits": _("Drawn again when you let go"),
        "refused": _("A line needs at least two points with different X."),
        "residuals": _("Residuals"),
        "residuals_help": _("How far each point is from the line."),
        "off": _("Residuals"),
        "sticks": _("Sticks"),
        "squares": _("Squares"),
        "guess": _("My line"),
        "guess_help": _("Place a line by hand, and compare its loss with the model's."),
        "ends": [_("Left end of my line"), _("Right end of my line")],
        "model": _("Model"),
        "best": _("Best"),
        "loss": _below(config, shared["too_many"]),
    }


def _below(config: wb.LinearConfig, too_many: str) -> str:
    """What the bars below the chart compare, and why there's nothing to press, if the points are too many."""
    if config.size > MOST_SHOWN:
        sentence = _("{too_many} My line works with up to {shown}.")
        return sentence.format(too_many=too_many, shown=f"{MOST_SHOWN:,}")
    losses = SCALED_LOSSES if config.standardise else LOSSES
    loss = _(losses[config.loss])
    return loss if config.size <= MOST else f"{too_many} {loss}"

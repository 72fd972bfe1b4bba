"""The line that a training starts with: random as the seed gives it, or chosen by hand."""

from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.kinds.line import by_hand

from ...i18n import _
from ...session import state
from ...widgets import fields
from .lab import LinearLab

WEIGHT, BIAS = KEYS = "linear.start.weight", "linear.start.bias"


def put(weight: float, bias: float) -> None:
    """Start there, in a callback before the script run."""
    fields.put(wb.LinearConfig, {"init": by_hand.write(*(float(f"{value:.4g}") for value in (weight, bias)))})


def draw(lab: LinearLab) -> None:
    """Draw the two numbers that the displayed run starts with, and a button that makes them random again."""
    start = lab.run.start
    if lab.loaded or max(map(abs, start.values())) > by_hand.FARTHEST:
        return
    common: dict[str, Any] = {"step": 0.1, "format": "%.4g", "on_change": _changed, "args": (lab,)}
    for key, value, label in zip(KEYS, start.values(), (_("Weight at the start"), _("Bias at the start")), strict=True):
        state.put(key, _shown(value))
        st.number_input(label, -by_hand.FARTHEST, by_hand.FARTHEST, key=key, **common)
    if lab.run.config.standardise:
        st.caption(_("The start is a line of the scaled points, as on the loss map."))
    if fields.current(wb.LinearConfig, "init"):
        st.button(
            _("Random start"),
            key="linear.start.random",
            help=_("Start with the random line that the seed gives."),
            on_click=fields.put,
            args=(wb.LinearConfig, {"init": ""}),
        )


def _shown(value: float) -> float:
    return float(f"{value:.4g}")


def _changed(lab: LinearLab) -> None:
    """Start there, unless a box was emptied, or both numbers are those of an earlier start.

    A browser that is asked something else before it has drawn a new start sends the numbers of the one before.
    """
    values = [state.get(key) for key in KEYS]
    start = by_hand.read(fields.current(wb.LinearConfig, "init")) or lab.run.start
    if None not in values and any(value == _shown(there) for value, there in zip(values, start.values(), strict=True)):
        put(*values)

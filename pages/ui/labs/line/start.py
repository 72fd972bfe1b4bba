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
    common: dict[str, Any] = {"step": 0.1, "format": "%.4g", "on_change": _changed}
    for key, value, label in zip(KEYS, start.values(), (_("Weight at the start"), _("Bias at the start")), strict=True):
        state.put(key, float(f"{value:.4g}"))
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


def _changed() -> None:
    values = [state.get(key) for key in KEYS]
    if None not in values:  # an emptied box
        put(*values)

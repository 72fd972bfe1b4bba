"""What standardizing does to the points of a run, in its own numbers, and its line in both units."""

import streamlit as st

import wb_core as wb

from ...i18n import _
from ...widgets.numbers import number

ZERO = 1e-6
"""A smaller number is 0 apart from rounding."""


def draw(run: wb.Run) -> None:
    """Say how the points are scaled and, after a training, both lines; nothing for points as they are."""
    if not run.config.standardise:
        return
    scale = run.data.scale
    lines = [
        _("The model learns on X and y minus their mean, divided by their standard deviation:"),
        f"`x' = (X {_signed(-scale.x_mean)}) / {number(scale.x_std)}`",
        f"`y' = (y {_signed(-scale.y_mean)}) / {number(scale.y_std)}`",
    ]
    if run.epoch:
        lines += [_("The model's line, in its units and in yours:"), *lines_of(run)]
    st.caption("  \n".join(lines))


def lines_of(run: wb.Run) -> tuple[str, str]:
    """The current line of a run, as the model has it and in the units of the points."""
    (weight, bias), (own_weight, own_bias) = run.line.values(), run.own_line.values()
    return (
        f"`y' = {number(weight)}·x' {_signed(bias)}`",
        f"`y = {number(own_weight)}·X {_signed(own_bias)}`",
    )


def _signed(value: float) -> str:
    value = 0 if abs(value) < ZERO else value
    return f"{'−' if value < 0 else '+'} {number(abs(value))}"

"""What became of a run: in a word, and as a sign that does not depend on colour."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go

from wb_core.base.fields import N_

from .. import palette
from ..recording import Translate
from .grid import Grid

BECAME = {
    "learning": N_("learning"),
    "converged": N_("converged"),
    "too_slow": N_("too slow"),
    "bouncing": N_("bouncing"),
    "exploding": N_("exploding"),
    "optimum": N_("at the optimum from the start"),
    "": N_("not trained"),
    "done": N_("done"),
    "failed": N_("failed"),
    "cancelled": N_("canceled"),
    "running": N_("training"),
    "queued": N_("waiting"),
}
"""What became of a run; "" for one that a stopped sweep did not come to. The first six are diagnoses of lines."""

NUMBERLESS = ("exploding", "failed")
"""What has no number that says anything: there the sign is all."""

SIGNS = {"exploding": "x-thin", "bouncing": "diamond-tall-open", "failed": "triangle-up-open"}
"""How a cell is marked whose run went wrong, whatever its colour."""

STAYS = {"unselected": {"marker": {"opacity": 1}}}
"""A mark that stays as it is when something else is chosen."""

RING = {"symbol": "circle-open", "size": 18, "color": palette.PREDICTION, "line": {"width": 3}}
"""Around the best one."""

MOST_SIGNS = 45
"""In a row or column of more cells, signs in each would hide all colours: some are left out, at equal distances."""

CORNER = 0.32
"""How far from the middle of a cell its sign is, where the middle has a number; the cell's side is 1."""


BRIGHT = 0.6
"""From here on, between the dark and the bright end of the colours, a sign is dark."""


def span_of(grid: Grid) -> tuple[float, float]:
    """From where to where the colours go, as `Measure.scaled` has the numbers: what exploded takes none of them."""
    scaled = grid.measure.scaled(grid.value)
    shown = scaled[(grid.label != "exploding") & np.isfinite(scaled)]
    if not len(shown):
        return -1.0, 0.0
    return float(shown.min()), max(float(shown.max()), float(shown.min()) + 1e-6)


def signs(grid: Grid, written: bool, _: Translate) -> Iterable[go.Scatter]:
    """A sign in each cell of a map whose run went wrong: light on a dark colour, dark on a bright one.

    Where the cells have their numbers in them, it stands in a corner.
    """
    size = max(3, min(9, 220 // max(grid.value.shape)))
    low, high = span_of(grid)
    depth = (grid.measure.scaled(grid.value) - low) / (high - low)  # 0 is the dark end of the colours
    bright = (1 - depth if grid.measure.percent else depth) > BRIGHT
    for label, symbol in SIGNS.items():
        x, y = np.nonzero((grid.label == label) & _some(grid.label.shape))
        colour = np.where(bright[x, y], "#111111", "#ffffff")
        colour = np.where(np.isfinite(grid.value[x, y]), colour, palette.NEUTRAL)
        marker: dict[str, Any] = {"symbol": symbol, "size": size, "color": colour, "opacity": 0.8}
        marker["line"] = {"width": 1, "color": colour}
        aside = CORNER * (written & ~np.isin(label, NUMBERLESS)) * np.ones(len(x))
        yield go.Scatter(
            x=x + aside, y=y + aside, mode="markers", name=_(BECAME[label]), marker=marker, hoverinfo="skip", **STAYS
        )


def _some(shape: tuple[int, ...]) -> np.ndarray:
    """Whether a cell can have a sign: (x, y) bool."""
    every = [math.ceil(size / MOST_SIGNS) for size in shape]
    x, y = np.indices(shape)
    return (x % every[0] == every[0] // 2) & (y % every[1] == every[1] // 2)


def told(grid: Grid, _: Translate) -> list[str]:
    """What each cell says when it is pointed at: its values, its number, what became of its run.

    With several seeds, the number is the one in the middle, and their range stands behind it.
    """
    rows = []
    for place in np.ndindex(grid.value.shape):
        number = f"{grid.measure.label} {grid.measure.written(grid.value[place])}"
        if grid.low[place] != grid.high[place] and np.isfinite(grid.value[place]):
            low, high = (grid.measure.written(part[place]) for part in (grid.low, grid.high))
            number += "<br>" + _("the middle seed ({low} to {high})").format(low=low, high=high)
        values = [f"{axis.label} {axis.words[at]}" for axis, at in zip(grid.axes, place, strict=False)]
        rows.append("<br>".join([*values, number, _(BECAME[grid.label[place]])]))
    return rows


HOVER = "%{hovertext}<extra></extra>"
"""How Plotly is to show what `told` says."""

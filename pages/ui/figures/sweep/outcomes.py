"""The outcome of a run: its label, and a marker that does not depend on colour."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go

from wb_core.base.fields import N_

from .. import palette
from ..recording import Translate
from .grid import Grid

OUTCOME_LABELS = {
    "learning": N_("learning"),
    "converged": N_("converged"),
    "too_slow": N_("too slow"),
    "bouncing": N_("bouncing"),
    "exploding": N_("exploding"),
    "optimum": N_("at the optimum from the start"),
    "good": N_("good fit"),
    "": N_("not trained"),
    "done": N_("done"),
    "failed": N_("failed"),
    "cancelled": N_("canceled"),
    "running": N_("training"),
    "queued": N_("waiting"),
}
"""The label of each outcome; "" is a run that a stopped sweep never started. The first seven are of lines."""

NUMBERLESS_OUTCOMES = ("exploding", "failed")
"""Outcomes whose number means nothing: only the marker is drawn."""

MARKER_SYMBOLS = {"exploding": "x-thin", "bouncing": "diamond-tall-open", "failed": "triangle-up-open"}
"""The marker of a cell whose run went wrong."""

UNSELECTED = {"unselected": {"marker": {"opacity": 1}}}
"""Keeps a trace unchanged while a point of another one is selected."""

BEST_RING = {"symbol": "circle-open", "size": 18, "color": palette.PREDICTION, "line": {"width": 3}}
"""The ring around the best cell."""

MAX_MARKERS = 45
"""Markers per row or column; in a larger grid they would hide the colours, so only every nth cell has one."""

MARKER_OFFSET = 0.32
"""How far the marker is from the middle of a cell that shows its number, as a share of the cell's side."""

BRIGHT_FROM = 0.6
"""Markers are dark on colours above this share of the way from the dark to the bright end."""


def colour_range(grid: Grid) -> tuple[float, float]:
    """The range of the colours, in the numbers of `Measure.scaled`, without the runs that exploded."""
    scaled = grid.measure.scaled(grid.value)
    shown = scaled[(grid.outcome != "exploding") & np.isfinite(scaled)]
    if not len(shown):
        return -1.0, 0.0
    return float(shown.min()), max(float(shown.max()), float(shown.min()) + 1e-6)


def outcome_markers(grid: Grid, numbered: bool, _: Translate) -> Iterable[go.Scatter]:
    """A marker in each cell of a map whose run went wrong: light on a dark colour, dark on a bright one.

    Where the cells show their numbers, it is in a corner.
    """
    size = max(3, min(9, 220 // max(grid.value.shape)))
    low, high = colour_range(grid)
    depth = (grid.measure.scaled(grid.value) - low) / (high - low)  # 0 is the dark end of the colours
    bright = (1 - depth if grid.measure.percent else depth) > BRIGHT_FROM
    for label, symbol in MARKER_SYMBOLS.items():
        x, y = np.nonzero((grid.outcome == label) & _marked_cells(grid.outcome.shape))
        colour = np.where(bright[x, y], "#111111", "#ffffff")
        colour = np.where(np.isfinite(grid.value[x, y]), colour, palette.NEUTRAL)
        marker: dict[str, Any] = {"symbol": symbol, "size": size, "color": colour, "opacity": 0.8}
        marker["line"] = {"width": 1, "color": colour}
        aside = MARKER_OFFSET * (numbered & ~np.isin(label, NUMBERLESS_OUTCOMES)) * np.ones(len(x))
        yield go.Scatter(
            x=x + aside,
            y=y + aside,
            mode="markers",
            name=_(OUTCOME_LABELS[label]),
            marker=marker,
            hoverinfo="skip",
            **UNSELECTED,
        )


def _marked_cells(shape: tuple[int, ...]) -> np.ndarray:
    """Which cells may have a marker: (x, y) bool."""
    every = [math.ceil(size / MAX_MARKERS) for size in shape]
    x, y = np.indices(shape)
    return (x % every[0] == every[0] // 2) & (y % every[1] == every[1] // 2)


def hover_texts(grid: Grid, _: Translate) -> list[str]:
    """The text of each cell on hover: its values, its number, the outcome of its run.

    With several seeds, the number is the median's, followed by the range.
    """
    rows = []
    for place in np.ndindex(grid.value.shape):
        number = f"{grid.measure.label} {grid.measure.format(grid.value[place])}"
        if grid.low[place] != grid.high[place] and np.isfinite(grid.value[place]):
            low, high = (grid.measure.format(part[place]) for part in (grid.low, grid.high))
            number += "<br>" + _("the middle seed ({low} to {high})").format(low=low, high=high)
        values = [f"{axis.label} {axis.value_texts[at]}" for axis, at in zip(grid.axes, place, strict=False)]
        rows.append("<br>".join([*values, number, _(OUTCOME_LABELS[grid.outcome[place]])]))
    return rows


HOVER_TEMPLATE = "%{hovertext}<extra></extra>"
"""The hover template of a trace with `hover_texts`."""

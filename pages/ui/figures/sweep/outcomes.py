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
    "exploding": N_("exploded"),
    "optimum": N_("at the optimum from the start"),
    "good": N_("good fit"),
    "learned": N_("learned"),
    "overfitting": N_("overfitting"),
    "too_small": N_("too small"),
    "over_regularised": N_("held back"),
    "dead_units": N_("dead units"),
    "": N_("not trained"),
    "done": N_("done"),
    "failed": N_("failed"),
    "cancelled": N_("stopped"),
    "running": N_("training"),
    "queued": N_("waiting"),
}
"""The label of each outcome; "" is a run that a stopped sweep never started.

The first seven are of lines, the next five of points.
"""

INCOMPLETE = ("", "queued", "running", "cancelled")
"""Outcomes of runs that did not finish."""

NUMBERLESS_OUTCOMES = ("exploding", "failed")
"""Outcomes whose number means nothing: the cell has a marker and no colour."""

MARKER_SYMBOLS = {"exploding": "x-thin", "failed": "triangle-up-open"}
"""The marker of a cell whose run has no number."""

UNSELECTED = {"unselected": {"marker": {"opacity": 1}}}
"""Keeps a trace unchanged while a point of another one is selected."""

BEST_RING = {"symbol": "circle-open", "size": 18, "color": palette.PREDICTION, "line": {"width": 3}}
"""The ring around the best cell."""

MAX_MARKERS = 45
"""Markers per row or column; in a larger grid they would hide the colours, so only every nth cell has one."""

MAX_OUTLINED = 2500
"""In larger maps, cells to come have one line around all of them."""

OUTLINE = (("#111111", 3.5), ("#ffffff", 1.5))
"""The colours and widths of the line around the runs that bounced: it is seen on dark colours and on bright ones."""


def colour_range(grid: Grid) -> tuple[float, float]:
    """The range of the colours, in the numbers of `Measure.scaled`, without the runs that exploded."""
    scaled = grid.measure.scaled(grid.value)
    shown = scaled[(grid.outcome != "exploding") & np.isfinite(scaled)]
    if not len(shown):
        return -1.0, 0.0
    return float(shown.min()), max(float(shown.max()), float(shown.min()) + 1e-6)


def outcome_markers(grid: Grid, _: Translate) -> Iterable[go.Scatter]:
    """A marker in each cell of a map whose run went wrong, and so has no colour."""
    size = max(3, min(9, 220 // max(grid.value.shape)))
    for label, symbol in MARKER_SYMBOLS.items():
        x, y = np.nonzero((grid.outcome == label) & _marked_cells(grid.outcome.shape))
        marker: dict[str, Any] = {"symbol": symbol, "size": size, "color": palette.NEUTRAL}
        marker["line"] = {"width": 1, "color": palette.NEUTRAL}
        yield go.Scatter(
            x=x, y=y, mode="markers", name=_(OUTCOME_LABELS[label]), marker=marker, hoverinfo="skip", **UNSELECTED
        )


def outlines(grid: Grid, _: Translate) -> Iterable[go.Scatter]:
    """One line around all runs that bounced, and a faint one around each cell that has no number yet."""
    pending = np.isin(grid.outcome, INCOMPLETE)
    yield _outline(*borders(pending, each=pending.size <= MAX_OUTLINED), _("not trained yet"), palette.NEUTRAL, 1)
    around = borders(grid.outcome == "bouncing")
    for color, width in OUTLINE:
        yield _outline(*around, _(OUTCOME_LABELS["bouncing"]), color, width)


def _outline(x: np.ndarray, y: np.ndarray, name: str, color: str, width: float) -> go.Scatter:
    line = {"color": color, "width": width}
    return go.Scatter(x=x, y=y, mode="lines", name=name, line=line, hoverinfo="skip", cliponaxis=False)


def borders(cells: np.ndarray, *, each: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """The line around these cells (x, y) of a map, or with `each` around each of them: x and y, broken by NaN."""
    differ = np.logical_or if each else np.logical_xor
    padded, lines = np.pad(cells, 1), []
    for axis, before, after in (
        (0, padded[:-1, 1:-1], padded[1:, 1:-1]),  # the sides at the left and the right
        (1, padded[1:-1, :-1], padded[1:-1, 1:]),  # below and above
    ):
        starts = np.argwhere(differ(before, after)) - 0.5
        line = np.stack([starts, starts, np.full_like(starts, np.nan)], axis=1)  # (sides, 3, 2)
        line[:, 1, 1 - axis] += 1
        lines.append(line.reshape(-1, 2))
    x, y = np.concatenate(lines).T
    return x, y


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

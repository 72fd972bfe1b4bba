"""What became of a run: in a word, and as a sign that does not depend on colour."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go

from wb_core.fields import N_

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
    "cancelled": N_("cancelled"),
    "running": N_("training"),
    "queued": N_("waiting"),
}
"""What became of a run; "" for one that a stopped sweep did not come to. The first six are diagnoses of lines."""

SIGNS = {"exploding": "x-thin", "bouncing": "diamond-tall-open", "failed": "triangle-up-open"}
"""How a cell is marked whose run went wrong, whatever its colour."""

STAYS = {"unselected": {"marker": {"opacity": 1}}}
"""A mark that stays as it is when something else is chosen."""

RING = {"symbol": "circle-open", "size": 18, "color": palette.PREDICTION, "line": {"width": 3}}
"""Around the best one."""


def signs(grid: Grid, _: Translate) -> Iterable[go.Scatter]:
    """A sign in each cell of a map whose run went wrong: white on its colour, grey where there is none."""
    size = max(3, min(9, 220 // max(grid.value.shape)))
    for label, symbol in SIGNS.items():
        x, y = np.nonzero(grid.label == label)
        colour = np.where(np.isfinite(grid.value[x, y]), "#ffffff", palette.NEUTRAL)
        marker: dict[str, Any] = {"symbol": symbol, "size": size, "color": colour, "opacity": 0.8}
        marker["line"] = {"width": 1, "color": colour}
        yield go.Scatter(x=x, y=y, mode="markers", name=_(BECAME[label]), marker=marker, hoverinfo="skip", **STAYS)


def told(grid: Grid, _: Translate) -> list[list[Any]]:
    """What a cell says when it is pointed at, a row for each cell: its run, its values, its number, what became of it.

    With several seeds, the number is their median, and their range stands behind it.
    """
    rows = []
    for place in np.ndindex(grid.value.shape):
        number = grid.measure.written(grid.value[place])
        if grid.low[place] != grid.high[place] and np.isfinite(grid.value[place]):
            low, high = (grid.measure.written(part[place]) for part in (grid.low, grid.high))
            number = _("{median} (from {low} to {high})").format(median=number, low=low, high=high)
        values = "<br>".join(f"{axis.label} {axis.words[at]}" for axis, at in zip(grid.axes, place, strict=False))
        rows.append([int(grid.run[place]), values, number, _(BECAME[grid.label[place]])])
    return rows


def hover(grid: Grid) -> str:
    """How Plotly is to show what `told` says."""
    return f"%{{customdata[1]}}<br>{grid.measure.label} %{{customdata[2]}}<br>%{{customdata[3]}}<extra></extra>"

"""The map of two axes: a cell for each combination."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from .. import palette
from ..recording import Translate
from .dress import dressed
from .grid import Axis, Grid
from .signs import RING, STAYS, hover, signs, told

MOST_WRITTEN = 60
"""So many cells at most have their number written into them, and in at most so many columns."""

MOST_COLUMNS = 8


def map_figure(
    grid: Grid, limit: Mapping[str, float], _: Translate, marked: tuple[int, int] | None = None
) -> go.Figure:
    """The measure as colour; what went wrong as a sign, the best cell ringed.

    `limit` says where a line is drawn across an axis, by the name of that; `marked` is the cell that is chosen.
    """
    figure = go.Figure([_heat(grid), *signs(grid, _), _touchable(grid, marked, _)])
    if (best := grid.best) is not None:
        ring = {**RING, "size": 44} if _is_written(grid) else RING  # around the number
        figure.add_scatter(x=[best[0]], y=[best[1]], mode="markers", marker=ring, hoverinfo="skip", **STAYS)
    for name, value in limit.items():
        _line(figure, grid, [axis.name for axis in grid.axes].index(name), value, _)
    for axis, asked, most in zip((figure.layout.xaxis, figure.layout.yaxis), grid.axes, (5, 8), strict=True):
        _scale(axis, asked, most)
    return dressed(figure)


def _heat(grid: Grid) -> go.Heatmap:
    z = grid.measure.scaled(grid.value)
    shown = z[(grid.label != "exploding") & np.isfinite(z)]
    low, high = (float(shown.min()), float(shown.max())) if len(shown) else (-1.0, 0.0)
    bar: dict[str, Any] = {"thickness": 10, "outlinewidth": 0, "title": {"text": grid.measure.label, "side": "right"}}
    if not grid.measure.percent:
        powers = [power for power in range(math.floor(low), math.ceil(high) + 1) if low <= power <= high]
        bar["tickvals"] = powers or [low, high]
        bar["ticktext"] = [f"1e{power}" for power in powers] or [f"{10**low:.3g}", f"{10**high:.3g}"]
    written: dict[str, Any] = {}
    if _is_written(grid):
        form = "{:.1f}" if grid.measure.percent else "{:.2g}"
        texts = [form.format(value) if np.isfinite(value) else "" for value in grid.value.T.flatten()]
        written = {"text": np.array(texts).reshape(z.T.shape), "texttemplate": "%{text}"}
    return go.Heatmap(
        x=list(range(len(grid.axes[0]))),
        y=list(range(len(grid.axes[1]))),
        z=z.T,
        zmin=low,
        zmax=max(high, low + 1e-6),
        colorscale=palette.SURFACE,
        reversescale=grid.measure.percent,  # the best has the same colour, whether it is the most or the least
        colorbar=bar,
        xgap=1 if written else 0,
        ygap=1 if written else 0,
        hoverinfo="skip",
        **written,
    )


def _touchable(grid: Grid, marked: tuple[int, int] | None, _: Translate) -> go.Scatter:
    """A point in every cell that cannot be seen, but pointed at and clicked."""
    places = list(np.ndindex(grid.value.shape))
    return go.Scatter(
        x=[x for x, _y in places],
        y=[y for _x, y in places],
        mode="markers",
        marker={
            "symbol": "square-open" if _is_written(grid) else "square",
            "size": max(8, min(40, 420 // max(grid.value.shape))),
            "opacity": 0,
            "line": {"width": 3},
        },
        selectedpoints=None if marked is None else [places.index(marked)],
        # The chosen one shows itself: as a spot, or as a frame around the number.
        selected={"marker": {"opacity": 1, "color": "#ffffff", "size": 34 if _is_written(grid) else 10}},
        unselected={"marker": {"opacity": 0}},
        customdata=told(grid, _),
        hovertemplate=hover(grid),
    )


def _is_written(grid: Grid) -> bool:
    """Whether the cells have their numbers in them."""
    return grid.value.size <= MOST_WRITTEN and len(grid.axes[0]) <= MOST_COLUMNS


def _line(figure: go.Figure, grid: Grid, axis: int, value: float, _: Translate) -> None:
    """The limit of the learning rate across the map, between the cells on its two sides."""
    numbers = np.array(grid.axes[axis].values, dtype=float)
    if not numbers[0] <= value <= numbers[-1]:
        return
    scale = np.log10 if grid.axes[axis].log else np.asarray
    place = float(np.interp(scale(value), scale(numbers), np.arange(len(numbers))))
    draw = figure.add_vline if axis == 0 else figure.add_hline
    style = {"color": palette.WARNING, "width": 2, "dash": "dash"}
    text = {"text": _("limit 2 / λmax")}
    draw(**{"x" if axis == 0 else "y": place}, line=style, annotation=text, annotation_position="top left")


def _scale(axis: Any, asked: Axis, most: int) -> None:
    step = max(1, math.ceil(len(asked) / most))
    axis.tickvals = list(range(0, len(asked), step))
    axis.ticktext = list(asked.words[::step])
    axis.title = asked.label
    axis.showgrid = axis.zeroline = False
    axis.range = [-0.5, len(asked) - 0.5]
    axis.tickangle = 0
    axis.fixedrange = True

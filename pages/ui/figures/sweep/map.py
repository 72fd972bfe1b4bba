"""The map of two axes: a cell for each combination."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from .. import palette
from ..recording import Translate
from .dress import dressed
from .grid import Axis, Grid
from .signs import HOVER, NUMBERLESS, RING, STAYS, signs, span_of, told
from .ticks import round_ticks

MOST_WRITTEN = 60
"""So many cells at most have their number written into them, and in at most so many columns."""

MOST_COLUMNS = 8

LETTERS = 14
"""So many letters of a choice stand in a line."""


def map_figure(grid: Grid, limit: Sequence[float | None], _: Translate) -> go.Figure:
    """The measure as colour; what went wrong as a sign, the best cell ringed.

    `limit` is the learning rate above which steps grow, for each value of the other axis, or nothing.
    """
    figure = go.Figure([_heat(grid), *signs(grid, _is_written(grid), _), _touchable(grid, _)])
    if (best := grid.best) is not None:
        ring = {**RING, "size": _side(grid)} if _is_written(grid) else RING  # around the number
        figure.add_scatter(
            x=[best[0]], y=[best[1]], mode="markers", marker=ring, hoverinfo="skip", cliponaxis=False, **STAYS
        )
    _draw_limit(figure, grid, limit)
    for axis, asked, most in zip((figure.layout.xaxis, figure.layout.yaxis), grid.axes, (6, 8), strict=True):
        _scale(axis, asked, most)
    return dressed(figure)


def _heat(grid: Grid) -> go.Heatmap:
    z = grid.measure.scaled(grid.value)
    low, high = span_of(grid)
    written: dict[str, Any] = {}
    if _is_written(grid):
        form = "{:.1f}" if grid.measure.percent else "{:.2g}"
        numbers = np.where(np.isin(grid.label, NUMBERLESS), np.nan, grid.value).T.flatten()
        texts = [form.format(value) if np.isfinite(value) else "" for value in numbers]
        written = {"text": np.array(texts).reshape(z.T.shape), "texttemplate": "%{text}", "xgap": 1, "ygap": 1}
    return go.Heatmap(
        x=list(range(len(grid.axes[0]))),
        y=list(range(len(grid.axes[1]))),
        z=z.T,
        zmin=low,
        zmax=high,
        colorscale=palette.SURFACE,
        reversescale=grid.measure.percent,  # the best has the same colour, whether it is the most or the least
        colorbar=_bar(grid, low, high),
        hoverinfo="skip",
        **written,
    )


def _bar(grid: Grid, low: float, high: float) -> dict[str, Any]:
    """The colours above the map, so that it has the whole width."""
    bar: dict[str, Any] = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "thickness": 10, "outlinewidth": 0}
    bar["title"] = {"text": grid.measure.title, "side": "top"}
    if np.isfinite(grid.value).any():
        bar |= grid.measure.ticks(low, high)
    return bar


def _touchable(grid: Grid, _: Translate) -> go.Scatter:
    """A point in every cell that cannot be seen, but pointed at and clicked: the nearest one is the cell's own."""
    x, y = (place.flatten() for place in np.indices(grid.value.shape))
    # Whatever a chosen point changes, plotly.js sets anew for every point there is: of thousands, their opacity alone.
    frame: dict[str, Any] = {"symbol": "square-open", "color": palette.PATH, "line": {"width": 3}}
    spot: dict[str, Any] = {"symbol": "square", "color": "#ffffff", "line": {"width": 1, "color": "#111111"}}
    chosen: dict[str, Any] = {"size": 0.8 * _side(grid)} if _is_written(grid) else {}
    return go.Scatter(
        x=x,
        y=y,
        mode="markers",
        # Small ones do not overlap: where several do, Plotly takes the first.
        marker={"size": 7, "opacity": 0, **(frame if _is_written(grid) else spot)},
        # The chosen one shows itself: as a spot, or as a frame around the number.
        selected={"marker": {"opacity": 1, **chosen}},
        unselected={"marker": {"opacity": 0}},
        customdata=grid.run.reshape(-1, 1),  # numbers alone travel as bytes, and are not copied one by one
        hovertext=told(grid, _),
        hovertemplate=HOVER,
        cliponaxis=False,
    )


def _side(grid: Grid) -> float:
    """How large a sign can be, in pixels, that does not leave its cell on a screen of usual width."""
    return max(16.0, min(44.0, 300 / len(grid.axes[1]), 330 / len(grid.axes[0])))


def _is_written(grid: Grid) -> bool:
    """Whether the cells have their numbers in them."""
    return grid.value.size <= MOST_WRITTEN and len(grid.axes[0]) <= MOST_COLUMNS


def _draw_limit(figure: go.Figure, grid: Grid, limit: Sequence[float | None]) -> None:
    """The limit of the learning rate, along each row or column of the other axis, between the cells on its sides."""
    names = [axis.name for axis in grid.axes]
    if "lr" not in names or not any(limit):
        return
    at = names.index("lr")
    axis = grid.axes[at]
    scale = np.log10 if axis.log else np.asarray
    rates: list[float | None] = []
    others: list[float] = []
    for place, rate in enumerate(limit):
        inside = rate is not None and axis.values[0] <= rate <= axis.values[-1]
        where = float(np.interp(scale(rate), scale(axis.values), np.arange(len(axis)))) if inside else None
        rates += [where, where]
        others += [place - 0.5, place + 0.5]
    x, y = (rates, others) if at == 0 else (others, rates)
    line = {"color": palette.WARNING, "width": 2, "dash": "dash"}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", cliponaxis=False, name="limit")


def _scale(axis: Any, asked: Axis, most: int) -> None:
    if asked.is_choice or len(asked) <= most:
        axis.tickvals, axis.ticktext = list(range(len(asked))), [_broken(word) for word in asked.words]
    else:
        axis.tickvals, axis.ticktext = round_ticks(asked.values, log=asked.log, most=most)
    axis.title = asked.label
    axis.showgrid = axis.zeroline = False
    axis.range = [-0.5, len(asked) - 0.5]
    axis.automargin = True
    axis.fixedrange = True


def _broken(word: str) -> str:
    """A long word of a choice on several lines, or it would take the room of the cells."""
    return "<br>".join(textwrap.wrap(word, LETTERS, break_long_words=False)) or word

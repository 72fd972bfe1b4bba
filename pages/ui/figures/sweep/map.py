"""The map of two axes: a cell for each combination."""

import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from .. import palette
from ..recording import Translate
from .grid import Axis, Grid, plain
from .layout import apply_layout
from .outcomes import (
    BEST_RING,
    HOVER_TEMPLATE,
    NUMBERLESS_OUTCOMES,
    UNSELECTED,
    colour_range,
    hover_texts,
    outcome_markers,
    outlines,
)

MAX_NUMBERED_CELLS = 60
"""Up to this number of cells, and of columns, the cells show their numbers."""

MAX_NUMBERED_COLUMNS = 8

LABEL_WIDTH = 14
"""Letters per line of a tick label."""

TITLE_WIDTH = 37
"""Letters of the colour bar's title in one line, which fits a phone."""


def map_figure(grid: Grid, limit: Sequence[float | None], _: Translate) -> go.Figure:
    """The measure as colour, a line around the runs that bounced, a ring around the best cell.

    Runs that exploded or failed have a marker and no colour, and runs to come only their outline.

    `limit` is the learning rate above which steps grow, for each value of the other axis, or nothing.
    """
    figure = go.Figure([_heatmap(grid, _), *outlines(grid, _), *outcome_markers(grid, _), _click_targets(grid, _)])
    if (best := grid.best) is not None:
        ring = {**BEST_RING, "size": _marker_size(grid)} if shows_numbers(grid) else BEST_RING  # around the number
        figure.add_scatter(
            x=[best[0]],
            y=[best[1]],
            mode="markers",
            marker=ring,
            hoverinfo="skip",
            cliponaxis=False,
            **UNSELECTED,
        )
    _draw_limit(figure, grid, limit)
    for axis, asked, most in zip((figure.layout.xaxis, figure.layout.yaxis), grid.axes, (6, 8), strict=True):
        _scale(axis, asked, most)
    # In an updated figure, Plotly draws the title over the ticks: an empty line keeps it below them.
    figure.layout.xaxis.title = f"<br>{grid.axes[0].label}"
    return apply_layout(figure)


def _heatmap(grid: Grid, _: Translate) -> go.Heatmap:
    z = grid.measure.scaled(np.where(np.isin(grid.outcome, NUMBERLESS_OUTCOMES), np.nan, grid.value))
    low, high = colour_range(grid)
    numbered: dict[str, Any] = {}
    if shows_numbers(grid):
        numbers = np.where(np.isin(grid.outcome, NUMBERLESS_OUTCOMES), np.nan, grid.value).T.flatten()
        written = (lambda value: f"{value:.1f}") if grid.measure.percent else (lambda value: plain(value, 2))
        texts = [written(value) if np.isfinite(value) else "" for value in numbers]
        numbered = {"text": np.array(texts).reshape(z.T.shape), "texttemplate": "%{text}", "xgap": 1, "ygap": 1}
    return go.Heatmap(
        x=list(range(len(grid.axes[0]))),
        y=list(range(len(grid.axes[1]))),
        z=z.T,
        zmin=low,
        zmax=high,
        colorscale=palette.SURFACE,
        reversescale=grid.measure.percent,  # the best has the same colour, whether it is the most or the least
        colorbar=_colour_bar(grid, low, high, _),
        hoverinfo="skip",
        **numbered,
    )


def _colour_bar(grid: Grid, low: float, high: float, _: Translate) -> dict[str, Any]:
    """The colour bar, above the map to leave it the whole width. It says which end is the better one."""
    ends = [_("better"), _("worse")]
    left, right = reversed(ends) if grid.measure.percent else ends
    bar: dict[str, Any] = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "thickness": 10, "outlinewidth": 0}
    bar["ypad"] = 0
    title = f"← {left} · {grid.measure.title} · {right} →"
    if _width(title) > TITLE_WIDTH:
        title = f"{grid.measure.title}<br>← {left} · {right} →"
    bar["title"] = {"text": title, "side": "top"}
    if np.isfinite(grid.value).any():
        bar |= grid.measure.ticks(low, high)
    return bar


def _width(text: str) -> int:
    """About how wide a text is, in letters: those of Korean are twice as wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _click_targets(grid: Grid, _: Translate) -> go.Scatter:
    """An invisible point in every cell, to be hovered and clicked."""
    x, y = (place.flatten() for place in np.indices(grid.value.shape))
    # plotly.js restyles every point when one is selected: with thousands, change nothing but the opacity.
    frame: dict[str, Any] = {"symbol": "square-open", "color": palette.PATH, "line": {"width": 3}}
    spot: dict[str, Any] = {"symbol": "square", "color": "#ffffff", "line": {"width": 1, "color": "#111111"}}
    chosen: dict[str, Any] = {"size": 0.8 * _marker_size(grid)} if shows_numbers(grid) else {}
    return go.Scatter(
        x=x,
        y=y,
        mode="markers",
        # Small ones do not overlap: where several do, Plotly takes the first.
        marker={"size": 7, "opacity": 0, **(frame if shows_numbers(grid) else spot)},
        # The chosen one shows itself: as a spot, or as a frame around the number.
        selected={"marker": {"opacity": 1, **chosen}},
        unselected={"marker": {"opacity": 0}},
        customdata=grid.run.reshape(-1, 1),  # numbers alone travel as bytes, and are not copied one by one
        hovertext=hover_texts(grid, _),
        hovertemplate=HOVER_TEMPLATE,
        cliponaxis=False,
    )


def _marker_size(grid: Grid) -> float:
    """The size in pixels of a marker that stays within its cell at a usual width."""
    return max(16.0, min(44.0, 300 / len(grid.axes[1]), 330 / len(grid.axes[0])))


def shows_numbers(grid: Grid) -> bool:
    """Whether the cells show their numbers."""
    return grid.value.size <= MAX_NUMBERED_CELLS and len(grid.axes[0]) <= MAX_NUMBERED_COLUMNS


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
        axis.tickvals, axis.ticktext = list(range(len(asked))), [_wrapped(word) for word in asked.value_texts]
    else:
        axis.tickvals, axis.ticktext = asked.ticks(most)
    axis.title = asked.label
    axis.showgrid = axis.zeroline = False
    axis.range = [-0.5, len(asked) - 0.5]
    axis.automargin = True
    axis.fixedrange = True


def _wrapped(word: str) -> str:
    """A long label on several lines, to leave room for the cells."""
    return "<br>".join(textwrap.wrap(word, LABEL_WIDTH, break_long_words=False)) or word

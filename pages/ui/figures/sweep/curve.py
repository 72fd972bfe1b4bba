"""The curve of one axis, with the band over the seeds where there are several."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from .. import palette
from ..recording import Translate
from .dress import dressed
from .grid import Grid
from .signs import RING, STAYS, hover, told

SYMBOLS = {"exploding": "x", "bouncing": "diamond-open", "failed": "triangle-up-open"}


def curve_figure(
    grid: Grid, limit: Mapping[str, float], _: Translate, marked: tuple[int, int] | None = None
) -> go.Figure:
    """The measure over the axis; `limit` says where a line is drawn across it, by its name; `marked` is chosen."""
    [axis], measure = grid.axes, grid.measure
    places = list(range(len(axis)))
    x: list[Any] = places if axis.is_choice else list(axis.values)
    middle = grid.value[:, 0]
    figure = go.Figure([_band(grid, x), _line(grid, x, marked, _), *_without_number(grid, x, _)])
    if (best := grid.best) is not None:
        at = {"x": [x[best[0]]], "y": [middle[best[0]]]}
        figure.add_scatter(**at, mode="markers", marker=RING, hoverinfo="skip", **STAYS)
    for value in limit.values():
        figure.add_vline(x=value, line={"color": palette.WARNING, "width": 2, "dash": "dash"})
        where = math.log10(value) if axis.log else value  # where Plotly wants a text on such an axis
        figure.add_annotation(x=where, y=1, yref="paper", text=_("limit 2 / λmax"), xanchor="right", showarrow=False)
    figure.update_yaxes(type=None if measure.percent else "log", title=measure.label, exponentformat="power")
    figure.update_xaxes(title=axis.label, type="log" if axis.log else None, exponentformat="power")
    if axis.is_choice:
        figure.update_xaxes(tickvals=places, ticktext=list(axis.words))
    return dressed(figure)


def _band(grid: Grid, x: list[Any]) -> go.Scatter:
    """From the least to the most of the seeds, where there is a number."""
    there = np.flatnonzero(np.isfinite(grid.value[:, 0]))
    at = [x[place] for place in there]
    return go.Scatter(
        x=[*at, *reversed(at)],
        y=[*grid.high[there, 0], *reversed(grid.low[there, 0])],
        mode="lines",
        fill="toself",
        fillcolor="rgba(0,158,115,0.18)",
        line={"width": 0},
        hoverinfo="skip",
    )


def _line(grid: Grid, x: list[Any], marked: tuple[int, int] | None, _: Translate) -> go.Scatter:
    symbols = [SYMBOLS.get(label, "circle") for label in grid.label[:, 0]]
    return go.Scatter(
        x=x,
        y=grid.value[:, 0],
        mode="lines+markers",
        line={"color": palette.TEST},
        marker={"symbol": symbols, "size": 8, "color": palette.TEST},
        customdata=told(grid, _),
        selectedpoints=None if marked is None else [marked[0]],
        selected={"marker": {"color": palette.PATH, "size": 14}},
        **STAYS,
        hovertemplate=hover(grid),
    )


def _without_number(grid: Grid, x: list[Any], _: Translate) -> Iterable[go.Scatter]:
    """A sign at the foot of the picture for each value whose runs went wrong before they had a number."""
    finite = grid.value[np.isfinite(grid.value)]
    gone = [
        place for place in range(len(x)) if grid.label[place, 0] in SYMBOLS and not np.isfinite(grid.value[place, 0])
    ]
    if gone and len(finite):
        yield go.Scatter(
            x=[x[place] for place in gone],
            y=[float(finite.min())] * len(gone),
            mode="markers",
            marker={
                "symbol": [SYMBOLS[grid.label[place, 0]] for place in gone],
                "size": 8,
                "color": palette.NEUTRAL,
            },
            customdata=[told(grid, _)[place] for place in gone],
            hovertemplate=hover(grid),
            **STAYS,
        )

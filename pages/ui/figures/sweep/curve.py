"""The curve of one axis, with the range of the seeds where there are several."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from .. import palette
from ..recording import Translate
from .dress import dressed
from .grid import Grid
from .signs import HOVER, RING, STAYS, told

CHOSEN = {"marker": {"color": palette.PATH, "size": 14}}

SYMBOLS = {"exploding": "x", "bouncing": "diamond", "failed": "triangle-up"}


def curve_figure(grid: Grid, limit: Sequence[float | None], _: Translate) -> go.Figure:
    """The measure over the axis: a line over numbers, points over choices. What exploded is a sign at the edge.

    `limit` is the learning rate above which steps grow, or nothing.
    """
    [axis] = grid.axes
    places = list(range(len(axis)))
    x: list[Any] = places if axis.is_choice else list(axis.values)
    calm = np.flatnonzero(np.isfinite(grid.value[:, 0]) & (grid.label[:, 0] != "exploding"))
    figure = go.Figure([*([] if axis.is_choice else [_band(grid, x, calm)]), _line(grid, x, calm, _)])
    figure.add_traces(list(_without_number(grid, x, calm, _)))
    if (best := grid.best) is not None:
        at = {"x": [x[best[0]]], "y": [grid.value[best]]}
        figure.add_scatter(**at, mode="markers", marker=RING, hoverinfo="skip", cliponaxis=False, **STAYS)
    if axis.name == "lr" and (value := next(iter(limit), None)) and axis.values[0] <= value <= axis.values[-1]:
        figure.add_vline(x=value, line={"color": palette.WARNING, "width": 2, "dash": "dash"})
    _scale(figure, grid, calm)
    return dressed(figure)


def _scale(figure: go.Figure, grid: Grid, calm: np.ndarray) -> None:
    [axis], measure = grid.axes, grid.measure
    common = {"fixedrange": True, "automargin": True, "exponentformat": "power"}
    figure.update_yaxes(title=measure.title, showticklabels=len(calm) > 0, **common)
    if not measure.percent:
        figure.update_yaxes(type="log")
        seen = [*grid.low[calm, 0], *grid.high[calm, 0]]
        if len(calm) and max(seen) > 30 * max(min(seen), 1e-300):
            figure.update_yaxes(dtick=max(1, math.ceil(math.log10(max(seen) / max(min(seen), 1e-12)) / 8)))
    figure.update_xaxes(title=axis.label, **common)
    if axis.is_choice:
        figure.update_xaxes(tickvals=list(range(len(axis))), ticktext=list(axis.words), range=[-0.5, len(axis) - 0.5])
        return
    ends = np.log10(axis.values) if axis.log else np.asarray(axis.values, dtype=float)
    room = 0.03 * (ends[-1] - ends[0])
    figure.update_xaxes(range=[ends[0] - room, ends[-1] + room])
    if axis.log:
        figure.update_xaxes(type="log", dtick=1 if ends[-1] - ends[0] >= 2 else None)


def _band(grid: Grid, x: list[Any], calm: np.ndarray) -> go.Scatter:
    """From the least to the most of the seeds."""
    at = [x[place] for place in calm]
    return go.Scatter(
        x=[*at, *reversed(at)],
        y=[*grid.high[calm, 0], *reversed(grid.low[calm, 0])],
        mode="lines",
        fill="toself",
        fillcolor="rgba(0,158,115,0.18)",
        line={"width": 0},
        hoverinfo="skip",
    )


def _line(grid: Grid, x: list[Any], calm: np.ndarray, _: Translate) -> go.Scatter:
    choice, value = grid.axes[0].is_choice, grid.value[calm, 0]
    bars: dict[str, Any] = {}
    if choice:  # there is nothing between two choices, so each has its range for itself
        up, down = grid.high[calm, 0] - value, value - grid.low[calm, 0]
        bars["error_y"] = {"type": "data", "symmetric": False, "array": up, "arrayminus": down}
    rows = told(grid, _)
    return go.Scatter(
        x=[x[place] for place in calm],
        y=value,
        mode="markers" if choice else "lines+markers",
        line={"color": palette.TEST},
        marker={
            "symbol": [SYMBOLS.get(label, "circle") for label in grid.label[calm, 0]],
            "size": 8,
            "color": palette.TEST,
        },
        customdata=grid.run[calm, :1],
        hovertext=[rows[place] for place in calm],
        selected=CHOSEN,
        **STAYS,
        **bars,
        hovertemplate=HOVER,
        cliponaxis=False,
    )


def _without_number(grid: Grid, x: list[Any], calm: np.ndarray, _: Translate) -> Iterable[go.Scatter]:
    """A sign at the bad edge for each value whose runs went wrong: what exploded would flatten all others."""
    gone = [int(place) for place in np.flatnonzero(np.isin(grid.label[:, 0], list(SYMBOLS))) if place not in calm]
    if not gone or not len(calm):
        return
    edge = float(grid.low[calm, 0].min()) if grid.measure.percent else float(grid.high[calm, 0].max())
    rows = told(grid, _)
    yield go.Scatter(
        x=[x[place] for place in gone],
        y=[edge] * len(gone),
        mode="markers",
        marker={"symbol": [SYMBOLS[grid.label[place, 0]] for place in gone], "size": 9, "color": palette.NEUTRAL},
        customdata=grid.run[gone, :1],
        hovertext=[rows[place] for place in gone],
        selected=CHOSEN,
        hovertemplate=HOVER,
        cliponaxis=False,
        **STAYS,
    )

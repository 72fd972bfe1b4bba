"""The curve of one axis, with the range of the seeds where there are several."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from .. import palette
from ..recording import Translate
from .grid import Grid
from .layout import apply_layout
from .outcomes import BEST_RING, HOVER_TEMPLATE, UNSELECTED, hover_texts

SELECTED = {"marker": {"color": palette.PATH, "size": 14}}

CURVE_SYMBOLS = {"exploding": "x", "bouncing": "diamond", "failed": "triangle-up"}


def curve_figure(grid: Grid, limit: Sequence[float | None], _: Translate) -> go.Figure:
    """The measure over the axis: a line over numbers, points over choices. A run that exploded is a marker at the edge.

    `limit` is the learning rate above which steps grow, or nothing.
    """
    [axis] = grid.axes
    places = list(range(len(axis)))
    x: list[Any] = places if axis.is_choice else list(axis.values)
    valid = np.flatnonzero(np.isfinite(grid.value[:, 0]) & (grid.outcome[:, 0] != "exploding"))
    figure = go.Figure([*([] if axis.is_choice else [_band(grid, x, valid)]), _line(grid, x, valid, _)])
    figure.add_traces(list(_edge_markers(grid, x, valid, _)))
    if (best := grid.best) is not None:
        at = {"x": [x[best[0]]], "y": [grid.value[best]]}
        figure.add_scatter(**at, mode="markers", marker=BEST_RING, hoverinfo="skip", cliponaxis=False, **UNSELECTED)
    if axis.name == "lr" and (value := next(iter(limit), None)) and axis.values[0] <= value <= axis.values[-1]:
        figure.add_vline(x=value, line={"color": palette.WARNING, "width": 2, "dash": "dash"})
    _scale(figure, grid, valid)
    return apply_layout(figure)


def _scale(figure: go.Figure, grid: Grid, valid: np.ndarray) -> None:
    [axis], measure = grid.axes, grid.measure
    common = {"fixedrange": True, "automargin": True, "exponentformat": "none"}
    figure.update_yaxes(title=measure.title, showticklabels=len(valid) > 0, **common)
    if not measure.percent:
        figure.update_yaxes(type="log")
        seen = [*grid.low[valid, 0], *grid.high[valid, 0]]
        if len(valid) and max(seen) > 30 * max(min(seen), 1e-300):
            figure.update_yaxes(dtick=max(1, math.ceil(math.log10(max(seen) / max(min(seen), 1e-12)) / 8)))
    figure.update_xaxes(title=axis.label, **common)
    if axis.is_choice:
        figure.update_xaxes(
            tickvals=list(range(len(axis))), ticktext=list(axis.value_texts), range=[-0.5, len(axis) - 0.5]
        )
        return
    ends = np.log10(axis.values) if axis.log else np.asarray(axis.values, dtype=float)
    room = 0.03 * (ends[-1] - ends[0])
    figure.update_xaxes(range=[ends[0] - room, ends[-1] + room])
    if axis.values[0] == 0:
        figure.update_xaxes(labelalias={"0": axis.value_texts[0]})
    if axis.log:
        figure.update_xaxes(type="log", dtick=1 if ends[-1] - ends[0] >= 2 else None)


def _band(grid: Grid, x: list[Any], valid: np.ndarray) -> go.Scatter:
    """The range over the seeds."""
    at = [x[place] for place in valid]
    return go.Scatter(
        x=[*at, *reversed(at)],
        y=[*grid.high[valid, 0], *reversed(grid.low[valid, 0])],
        mode="lines",
        fill="toself",
        fillcolor="rgba(0,158,115,0.18)",
        line={"width": 0},
        hoverinfo="skip",
    )


def _line(grid: Grid, x: list[Any], valid: np.ndarray, _: Translate) -> go.Scatter:
    choice, value = grid.axes[0].is_choice, grid.value[valid, 0]
    bars: dict[str, Any] = {}
    if choice:  # there is nothing between two choices, so each has its range for itself
        up, down = grid.high[valid, 0] - value, value - grid.low[valid, 0]
        bars["error_y"] = {"type": "data", "symmetric": False, "array": up, "arrayminus": down}
    rows = hover_texts(grid, _)
    return go.Scatter(
        x=[x[place] for place in valid],
        y=value,
        mode="markers" if choice else "lines+markers",
        line={"color": palette.TEST},
        marker={
            "symbol": [CURVE_SYMBOLS.get(label, "circle") for label in grid.outcome[valid, 0]],
            "size": 8,
            "color": palette.TEST,
        },
        customdata=grid.run[valid, :1],
        hovertext=[rows[place] for place in valid],
        selected=SELECTED,
        **UNSELECTED,
        **bars,
        hovertemplate=HOVER_TEMPLATE,
        cliponaxis=False,
    )


def _edge_markers(grid: Grid, x: list[Any], valid: np.ndarray, _: Translate) -> Iterable[go.Scatter]:
    """A marker at the bad edge for each value whose runs went wrong: their numbers would flatten the curve."""
    failed = [
        int(place) for place in np.flatnonzero(np.isin(grid.outcome[:, 0], list(CURVE_SYMBOLS))) if place not in valid
    ]
    if not failed or not len(valid):
        return
    edge = float(grid.low[valid, 0].min()) if grid.measure.percent else float(grid.high[valid, 0].max())
    rows = hover_texts(grid, _)
    yield go.Scatter(
        x=[x[place] for place in failed],
        y=[edge] * len(failed),
        mode="markers",
        marker={
            "symbol": [CURVE_SYMBOLS[grid.outcome[place, 0]] for place in failed],
            "size": 9,
            "color": palette.NEUTRAL,
        },
        customdata=grid.run[failed, :1],
        hovertext=[rows[place] for place in failed],
        selected=SELECTED,
        hovertemplate=HOVER_TEMPLATE,
        cliponaxis=False,
        **UNSELECTED,
    )

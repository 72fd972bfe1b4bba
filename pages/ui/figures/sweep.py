"""The pictures of a sweep: a map of two axes, a curve of one, and parallel lines for all of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wb_core.fields import N_

from . import palette
from .recording import Translate

MARKS = {"exploding": ("x-thin", "#ffffff"), "bouncing": ("diamond-tall-open", "#ffffff")}
"""How a cell is marked whose run went wrong, whatever its colour."""

DIAGNOSES = {
    "learning": N_("learning"),
    "converged": N_("converged"),
    "too_slow": N_("too slow"),
    "bouncing": N_("bouncing"),
    "exploding": N_("exploding"),
    "optimum": N_("at the optimum from the start"),
    "": N_("not trained"),
}
"""What became of a run, in a word; "" for one that a stopped sweep did not come to."""

HEIGHT = 440

STAYS = {"unselected": {"marker": {"opacity": 1}}}
"""A mark that stays as it is when something else is chosen."""


@dataclass(frozen=True)
class Landscape:
    """A sweep as a picture needs it. `loss`, `label` and `run` have the shape (x, y), or (x, 1) for a single axis.

    `loss` is the median over the seeds, `low` and `high` their range, `label` the most frequent diagnosis, `run` the
    number of the run nearest to the median.
    """

    names: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]
    logs: tuple[bool, ...]
    loss: np.ndarray
    low: np.ndarray
    high: np.ndarray
    label: np.ndarray
    run: np.ndarray

    @property
    def best(self) -> tuple[int, int] | None:
        """Where the least loss is."""
        if not np.isfinite(self.loss).any():
            return None
        x, y = np.unravel_index(int(np.nanargmin(self.loss)), self.loss.shape)
        return int(x), int(y)


def landscape(
    frame: pd.DataFrame,
    names: Sequence[str],
    values: Sequence[tuple[Any, ...]],
    logs: Sequence[bool],
    seeds: int,
    column: str,
) -> Landscape:
    """Put the rows of a sweep's table, in their order, into a grid; `column` is the loss that is shown."""
    shape = (*map(len, values), *([1] if len(values) == 1 else []), seeds)
    loss = frame[column].to_numpy(dtype=float).reshape(shape)
    labels = frame["diagnosis"].to_numpy(dtype=object).reshape(shape)
    runs = np.arange(len(frame)).reshape(shape)
    # Without a single seed that ended with a number, there is no loss: the warning of numpy says nothing new.
    empty = ~np.isfinite(loss).any(axis=-1, keepdims=True)
    safe = np.where(empty, 0.0, loss)
    median, low, high = np.nanmedian(safe, axis=-1), np.nanmin(safe, axis=-1), np.nanmax(safe, axis=-1)
    nearest = np.nanargmin(np.abs(safe - median[..., None]), axis=-1)
    gone = empty[..., 0]
    median, low, high = (np.where(gone, np.nan, part) for part in (median, low, high))
    label = np.empty(median.shape, dtype=object)
    for place in np.ndindex(median.shape):
        found = list(labels[place])
        label[place] = max(set(found), key=found.count)
    run = np.take_along_axis(runs, nearest[..., None], axis=-1)[..., 0]
    return Landscape(tuple(names), tuple(values), tuple(logs), median, low, high, label, run)


def map_figure(
    land: Landscape,
    words: Mapping[str, str],
    loss: str,
    limit: Mapping[str, float],
    _: Translate,
) -> go.Figure:
    """A map of two axes: the loss as colour, in powers of ten; what went wrong as a sign, the best cell ringed.

    `words` has the label of each axis; `limit` where a line is drawn across an axis, by its name.
    """
    z = np.log10(np.maximum(land.loss, 1e-12)).T  # (y, x)
    calm = land.label != "exploding"
    shown = z.T[calm & np.isfinite(land.loss)]
    low, high = (float(shown.min()), float(shown.max())) if len(shown) else (-1.0, 0.0)
    ticks = [power for power in range(math.floor(low), math.ceil(high) + 1) if low <= power <= high]
    heat = go.Heatmap(
        x=list(range(len(land.values[0]))),
        y=list(range(len(land.values[1]))),
        z=z,
        zmin=low,
        zmax=max(high, low + 1e-6),
        colorscale=palette.SURFACE,
        colorbar={
            "thickness": 10,
            "outlinewidth": 0,
            "title": {"text": loss, "side": "right"},
            "tickvals": ticks or [low, high],
            "ticktext": [f"1e{power}" for power in ticks] or [f"{10**low:.3g}", f"{10**high:.3g}"],
        },
        hoverinfo="skip",
    )
    figure = go.Figure([heat, *_signs(land, _), _touchable(land, words, _)])
    if (best := land.best) is not None:
        figure.add_scatter(
            x=[best[0]],
            y=[best[1]],
            mode="markers",
            marker={"symbol": "circle-open", "size": 18, "color": palette.PREDICTION, "line": {"width": 3}},
            hoverinfo="skip",
            **STAYS,
        )
    for name, value in limit.items():
        _line(figure, land, land.names.index(name), value, _)
    for axis, place in ((figure.layout.xaxis, 0), (figure.layout.yaxis, 1)):
        _scale(axis, land, place, words)
    return _dressed(figure)


def curve_figure(
    land: Landscape,
    words: Mapping[str, str],
    loss: str,
    limit: Mapping[str, float],
    _: Translate,
) -> go.Figure:
    """The loss over one axis, with the band over the seeds where there are several."""
    places = list(range(len(land.values[0])))
    x: list[Any] = places if _is_words(land, 0) else list(land.values[0])
    low, high, middle = (part[:, 0] for part in (land.low, land.high, land.loss))
    band = go.Scatter(
        x=[*x, *reversed(x)],
        y=[*high, *reversed(low)],
        fill="toself",
        fillcolor="rgba(0,158,115,0.18)",
        line={"width": 0},
        hoverinfo="skip",
    )
    signs = [{"exploding": "x", "bouncing": "diamond-open"}.get(label, "circle") for label in land.label[:, 0]]
    line = go.Scatter(
        x=x,
        y=middle,
        mode="lines+markers",
        line={"color": palette.TEST},
        marker={"symbol": signs, "size": 8, "color": palette.TEST},
        customdata=_told(land, _).reshape(-1, 2),
        selected={"marker": {"color": palette.PATH, "size": 14}},
        **STAYS,
        hovertemplate=f"{words[land.names[0]]} %{{x}}<br>%{{y:.4g}}<br>%{{customdata[1]}}<extra></extra>",
    )
    figure = go.Figure([band, line])
    if (best := land.best) is not None:
        figure.add_scatter(
            x=[x[best[0]]],
            y=[middle[best[0]]],
            mode="markers",
            marker={"symbol": "circle-open", "size": 18, "color": palette.PREDICTION, "line": {"width": 3}},
            hoverinfo="skip",
            **STAYS,
        )
    for value in limit.values():
        figure.add_vline(x=value, line={"color": palette.WARNING, "width": 2, "dash": "dash"})
        at = math.log10(value) if land.logs[0] else value  # where Plotly wants a text on such an axis
        figure.add_annotation(x=at, y=1, yref="paper", text=_("limit 2 / λmax"), xanchor="right", showarrow=False)
    figure.update_yaxes(type="log", title=loss, exponentformat="power")
    figure.update_xaxes(title=words[land.names[0]], type="log" if land.logs[0] else None, exponentformat="power")
    if _is_words(land, 0):
        figure.update_xaxes(tickvals=places, ticktext=[str(value) for value in land.values[0]])
    return _dressed(figure)


def lines_figure(frame: pd.DataFrame, words: Mapping[str, str], column: str, loss: str) -> go.Figure:
    """Every run as a line across all axes, coloured by its loss."""
    finite = frame[np.isfinite(frame[column])]
    colour = np.log10(np.maximum(finite[column], 1e-12))
    dimensions = []
    for name, label in words.items():
        values = finite[name]
        if values.dtype.kind in "OSU" or str(values.dtype).startswith("str"):
            options = sorted(set(values))
            numbers = [options.index(value) for value in values]
            dimensions.append(
                {"label": label, "values": numbers, "tickvals": list(range(len(options))), "ticktext": options}
            )
        else:
            dimensions.append({"label": label, "values": values})
    dimensions.append({"label": f"log10 {loss}", "values": colour})
    lines = {"color": colour, "colorscale": palette.SURFACE, "showscale": False}
    figure = go.Figure(go.Parcoords(dimensions=dimensions, line=lines))
    figure.update_layout(height=HEIGHT, margin={"l": 60, "r": 60, "t": 60, "b": 30})
    return figure


def _told(land: Landscape, _: Translate) -> np.ndarray:
    """Of each cell, row by row: the number of its run, and its diagnosis in words."""
    cells = [[int(land.run[place]), _(DIAGNOSES[land.label[place]])] for place in np.ndindex(land.loss.shape)]
    return np.array(cells, dtype=object).reshape(*land.loss.shape, 2)


def _touchable(land: Landscape, words: Mapping[str, str], _: Translate) -> go.Scatter:
    """A point in every cell that cannot be seen, but pointed at and clicked."""
    first, second = land.values
    told = _told(land, _)
    places = list(np.ndindex(land.loss.shape))
    data = [
        [told[x, y, 0], _short(first[x]), _short(second[y]), f"{land.loss[x, y]:.4g}", told[x, y, 1]] for x, y in places
    ]
    names = [words[name] for name in land.names]
    return go.Scatter(
        x=[x for x, _y in places],
        y=[y for _x, y in places],
        mode="markers",
        marker={"symbol": "square", "size": max(8, min(40, 420 // max(land.loss.shape))), "opacity": 0},
        selected={"marker": {"opacity": 1, "color": "#ffffff", "size": 10}},  # the chosen one shows itself
        unselected={"marker": {"opacity": 0}},
        customdata=data,
        hovertemplate=(
            f"{names[0]} %{{customdata[1]}}<br>{names[1]} %{{customdata[2]}}<br>"
            "%{customdata[3]}<br>%{customdata[4]}<extra></extra>"
        ),
    )


def _signs(land: Landscape, _: Translate) -> list[go.Scatter]:
    """A sign in each cell whose run exploded or bounced."""
    traces = []
    for label, (symbol, colour) in MARKS.items():
        x, y = np.nonzero(land.label == label)
        size = max(3, min(9, 220 // max(land.loss.shape)))
        marker = {
            "symbol": symbol,
            "size": size,
            "color": colour,
            "opacity": 0.8,
            "line": {"width": 1, "color": colour},
        }
        sign = go.Scatter(x=x, y=y, mode="markers", name=_(DIAGNOSES[label]), marker=marker, hoverinfo="skip", **STAYS)
        traces.append(sign)
    return traces


def _line(figure: go.Figure, land: Landscape, axis: int, value: float, _: Translate) -> None:
    """The limit of the learning rate across the map, between the cells on its two sides."""
    numbers = np.array(land.values[axis], dtype=float)
    if not numbers[0] <= value <= numbers[-1]:
        return
    scale = np.log10 if land.logs[axis] else np.asarray
    place = float(np.interp(scale(value), scale(numbers), np.arange(len(numbers))))
    draw = figure.add_vline if axis == 0 else figure.add_hline
    style = {"color": palette.WARNING, "width": 2, "dash": "dash"}
    text = {"text": _("limit 2 / λmax")}
    draw(**{"x" if axis == 0 else "y": place}, line=style, annotation=text, annotation_position="top left")


def _scale(axis: Any, land: Landscape, place: int, words: Mapping[str, str]) -> None:
    values = land.values[place]
    step = max(1, math.ceil(len(values) / (5 if place == 0 else 8)))
    axis.tickvals = list(range(0, len(values), step))
    axis.ticktext = [_short(value) for value in values[::step]]
    axis.title = words[land.names[place]]
    axis.showgrid = axis.zeroline = False
    axis.range = [-0.5, len(values) - 0.5]
    axis.tickangle = 0
    axis.fixedrange = True


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _is_words(land: Landscape, place: int) -> bool:
    return isinstance(land.values[place][0], str)


def _dressed(figure: go.Figure) -> go.Figure:
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 64, "r": 16, "t": 28, "b": 52},
        font_size=12,
        showlegend=False,
        dragmode=False,
        clickmode="event+select",
    )
    return figure

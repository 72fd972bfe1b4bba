"""Curves of several runs over the epochs. Each has a look of its own: a colour, a dash and a mark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from . import palette, style
from .recording import Translate, padded

LOOKS = (
    (palette.TRAIN, "solid", "circle"),
    (palette.PREDICTION, "6px,3px", "square"),
    (palette.TEST, "2px,3px", "diamond"),
    (palette.PATH, "10px,3px,2px,3px", "triangle-up"),
    (palette.WARNING, "solid", "x"),
    ("#56B4E9", "6px,3px", "triangle-down"),
    ("#A89A00", "2px,3px", "cross"),
    (palette.NEUTRAL, "10px,3px,2px,3px", "star"),
)
"""After Okabe and Ito; their yellow is darker here and their black is grey, for light and dark pages."""

MARKS = 7  # so many marks are drawn on a curve


@dataclass(frozen=True)
class Line:
    """One curve: the name and the look of its run, and whether the run exploded."""

    name: str
    look: int
    epochs: Sequence[int]
    values: Sequence[float]
    exploded: bool = False


def compare_figure(lines: Sequence[Line], y: str, _: Translate, *, log: bool = False, zero: bool = True) -> go.Figure:
    """All lines in one chart whose y-axis is called `y`; one that exploded does not decide how high the axis goes."""
    figure = style.figure([_trace(line, _) for line in lines], x=_("epoch"), y=y)
    last = max(line.epochs[-1] for line in lines)
    first = min(line.epochs[0] for line in lines)
    figure.update_layout(
        height=340,
        hovermode="x" if len(lines) == 1 else "closest",
        margin={"l": 68, "b": 48},
        yaxis_title_standoff=12,
        xaxis={"range": padded(first, last, 0.03) if last > first else [first - 0.5, first + 0.5], "tickformat": ",d"},
        yaxis=_axis(lines, log=log, zero=zero),
    )
    if last - first < 6:
        figure.update_xaxes(dtick=1)
    return figure


def _trace(line: Line, _: Translate) -> go.Scatter:
    color, dash, symbol = LOOKS[line.look]
    return go.Scatter(
        x=list(line.epochs),
        y=list(line.values),
        name=escape(line.name),
        mode="lines+markers",
        line={"color": color, "dash": dash, "width": 2.2},
        cliponaxis=False,
        marker={"color": color, "symbol": symbol, "size": 9, "maxdisplayed": MARKS},
        hovertemplate="%{fullData.name}<br>" + _("epoch") + " %{x:,d}: %{y:.6g}<extra></extra>",
    )


def _axis(lines: Sequence[Line], *, log: bool, zero: bool) -> dict[str, object]:
    if log:
        above = [value for line in lines for value in line.values if value > 0]
        wide = bool(above) and math.log10(max(above)) - math.log10(min(above)) > 2
        return {"type": "log", "exponentformat": "power", **({"dtick": 1} if wide else {})}
    shown = [line for line in lines if not line.exploded] or list(lines)
    values = [value for line in shown for value in line.values if math.isfinite(value)]
    low, high = min(values), max(values)
    return {"range": [0, high * 1.06 or 1.0] if zero else padded(low, high)}

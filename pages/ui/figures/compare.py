"""Curves of several runs over the epochs. Each has its own style: a colour, a dash and a marker."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from . import palette, style
from .recording import Translate, padded

CURVE_STYLES = (
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

MAX_MARKERS = 7  # on a curve


@dataclass(frozen=True)
class RunCurve:
    """One curve: the name of its run, the index of its style in `CURVE_STYLES`, and whether the run exploded."""

    name: str
    style: int
    epochs: Sequence[int]
    values: Sequence[float]
    exploded: bool = False


def compare_figure(
    curves: Sequence[RunCurve], y: str, _: Translate, *, log: bool = False, zero: bool = True
) -> go.Figure:
    """All curves in one chart with the y-axis title `y`; exploded runs do not count for the range of the axis."""
    figure = style.figure([_trace(curve, _) for curve in curves], x=_("epoch"), y=y)
    last = max(curve.epochs[-1] for curve in curves)
    first = min(curve.epochs[0] for curve in curves)
    figure.update_layout(
        height=340,
        hovermode="x" if len(curves) == 1 else "closest",
        margin={"l": 68, "b": 48},
        yaxis_title_standoff=12,
        xaxis={"range": padded(first, last, 0.03) if last > first else [first - 0.5, first + 0.5], "tickformat": ",d"},
        yaxis=_axis(curves, log=log, zero=zero),
    )
    if last - first < 6:
        figure.update_xaxes(dtick=1)
    return figure


def _trace(curve: RunCurve, _: Translate) -> go.Scatter:
    color, dash, symbol = CURVE_STYLES[curve.style]
    return go.Scatter(
        x=list(curve.epochs),
        y=list(curve.values),
        name=escape(curve.name),
        mode="lines+markers",
        line={"color": color, "dash": dash, "width": 2.2},
        cliponaxis=False,
        marker={"color": color, "symbol": symbol, "size": 9, "maxdisplayed": MAX_MARKERS},
        hovertemplate="%{fullData.name}<br>" + _("epoch") + " %{x:,d}: %{y:.6g}<extra></extra>",
    )


def _axis(curves: Sequence[RunCurve], *, log: bool, zero: bool) -> dict[str, object]:
    if log:
        above = [value for curve in curves for value in curve.values if value > 0]
        wide = bool(above) and math.log10(max(above)) - math.log10(min(above)) > 2
        return {"type": "log", "exponentformat": "power", **({"dtick": 1} if wide else {})}
    shown = [curve for curve in curves if not curve.exploded] or list(curves)
    values = [value for curve in shown for value in curve.values if math.isfinite(value)]
    low, high = min(values), max(values)
    return {"range": [0, high * 1.06 or 1.0] if zero else padded(low, high)}

"""Loss curves as a snippet drew them, under the very names that it gave them."""

from collections.abc import Sequence

import plotly.graph_objects as go

import wb_core as wb

from . import palette, style
from .recording import Translate

LOOKS = ((palette.TRAIN, "solid"), (palette.TEST, "6px,2px"))


def curves_figure(curves: Sequence[wb.Curve], _: Translate) -> go.Figure:
    """At most two curves over the epochs, with the legend that their labels make."""
    traces = [
        go.Scatter(x=curve.epochs, y=curve.losses, name=curve.label, mode="lines", line={"color": color, "dash": dash})
        for curve, (color, dash) in zip(curves, LOOKS, strict=False)
    ]
    figure = style.figure(traces, x=_("epoch"), y=_("loss"))
    figure.update_layout(
        showlegend=True,
        legend={"x": 1, "xanchor": "right", "y": 1, "yanchor": "top"},
        height=220,
        margin_b=52,
        xaxis_title_standoff=14,
        yaxis_rangemode="tozero",
    )
    return figure

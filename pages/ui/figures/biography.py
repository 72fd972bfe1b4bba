"""One point over the epochs: how far the line was from it, and how hard it pulled."""

import functools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

import wb_core as wb

from . import palette, style
from .loss import loss_layout
from .recording import Binding, Chart, Recording, Titles, Translate, padded, steady


def with_biography(recording: Recording, life: wb.Biography) -> Recording:
    """The recording of a run with the numbers of a point; its share in percent."""
    return replace(recording, columns={**recording.columns, "residual": life.residuals, "share": 100 * life.shares})


def biography_charts(recording: Recording, point: int, life: wb.Biography, _: Translate) -> Sequence[Chart]:
    """The charts of the numbers that `with_biography` has added, for the point with this number."""
    color = palette.TRAIN if life.trains else palette.TEST
    number = str(point + 1)
    epochs = {"xaxis.range": loss_layout(recording)["xaxis.range"]}
    low, high = min(float(life.residuals.min()), 0.0), max(float(life.residuals.max()), 0.0)
    share = (
        _("Its share of the gradient: {share}% in epoch {epoch}")
        if life.trains
        else _("Its share of the gradient: none, it's for testing")
    )
    distance = _("Point {number}: residual {residual} at epoch {epoch}").replace("{number}", number)
    return (
        Chart(
            id="residual",
            figure=_figure(color, _("prediction − y"), _),
            bindings=_bindings("residual"),
            legend=(),
            titles=Titles.two(distance, distance),
            summary=Titles.two(distance, distance),
            layout={**epochs, "yaxis.range": steady(*padded(low, high))},
            click="epoch",
        ),
        Chart(
            id="share",
            figure=_figure(color, _("share (%)"), _),
            bindings=_bindings("share"),
            legend=(),
            titles=Titles.two(share, share),
            summary=Titles.two(share, share),
            layout={**epochs, "yaxis.range": steady(0, 1.06 * (100 * float(np.max(life.shares)) or 1.0))},
            click="epoch",
        ),
    )


def _bindings(column: str) -> tuple[Binding, ...]:
    return Binding("whole", "epoch", column), Binding("prefix", "epoch", column), Binding("point", "epoch", column)


@functools.cache
def _figure(color: str, y: str, _: Translate) -> go.Figure:
    hover = _("epoch") + " %{x}<br>%{y:.4g}<extra></extra>"
    traces = [
        go.Scatter(mode="lines", line={"color": color, "width": 1.5}, opacity=0.3, hovertemplate=hover),
        go.Scatter(mode="lines", line={"color": color, "width": 2.5}, hoverinfo="skip"),
        go.Scatter(mode="markers", marker={"color": color, "size": 9}, hoverinfo="skip"),
    ]
    figure = style.figure(traces, x=_("epoch"), y=y)
    figure.update_layout(hovermode="x", margin_l=68, yaxis_title_standoff=12)  # room for the distances of any points
    return figure

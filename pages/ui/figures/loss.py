"""Loss curves over the epochs: the whole curve faint, the part up to the displayed epoch strong; a slip's curves."""

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

import wb_core as wb

from . import palette, style
from .recording import Binding, Chart, Key, Recording, Titles, Translate, padded, steady

EXPLODED = 100
"""A loss that grew to this many times its first value needs a logarithmic axis."""


def is_log(recording: Recording) -> bool:
    """Whether the losses grew so much that only a logarithmic axis shows them."""
    return exploded(recording.columns["train_loss"])


def exploded(losses: np.ndarray) -> bool:
    """Whether losses, one per epoch, grew to more than `EXPLODED` times the first."""
    finite = losses[np.isfinite(losses)]
    return bool(len(finite)) and float(finite.max()) > EXPLODED * float(finite[0]) > 0


def loss_axis(losses: np.ndarray, *, log: bool) -> dict[str, Any]:
    """The layout of the y-axis that shows all these losses."""
    losses = losses[np.isfinite(losses)]
    if log:
        span = [math.log10(value) for value in (losses[losses > 0].min(), losses.max())]
        return {"yaxis.type": "log", "yaxis.range": steady(*padded(*span)), "yaxis.exponentformat": "power"}
    return {"yaxis.type": "linear", "yaxis.range": steady(0, float(losses.max(initial=0)) * 1.06 or 1.0)}


def loss_layout(recording: Recording) -> dict[str, Any]:
    """The axes of `loss_chart`: all requested epochs, and the losses so far."""
    losses = np.concatenate([recording.columns["train_loss"], recording.columns["test_loss"]])
    epochs = padded(0, max(recording.goal - 1, 1), 0.03)
    return {"xaxis.range": epochs, **loss_axis(losses, log=is_log(recording))}


def loss_chart(recording: Recording, loss_name: str, _: Translate) -> Chart:
    """The chart of both losses; the axis says PyTorch's name of the loss, `loss_name`, if it is not empty."""
    return Chart(
        id="loss",
        figure=curves_figure(_("loss") + (f" ({loss_name})" if loss_name else ""), "%{y:.6g}", _),
        bindings=curves("train_loss", "test_loss"),
        legend=(Key("●", palette.TRAIN, _("train")), Key("■", palette.TEST, _("test"))),
        titles=Titles.two(
            _("Test loss {test_loss} at this start")
            if recording.loaded
            else _("Test loss {test_loss} before training"),
            _("Test loss {test_loss} at epoch {epoch}"),
        ),
        summary=Titles.two(
            _("Chart of the losses. At this start train loss {train_loss}, test loss {test_loss}.")
            if recording.loaded
            else _("Chart of the losses. Before training train loss {train_loss}, test loss {test_loss}."),
            _("Chart of the losses. At epoch {epoch} train loss {train_loss}, test loss {test_loss}."),
        ),
        layout=loss_layout(recording),
        click="epoch",
    )


def curves(*columns: str) -> tuple[Binding, ...]:
    """The traces of `curves_figure` for a train column and a test column."""
    return (
        *(Binding("whole", "epoch", column, shadow=True) for column in columns),
        *(Binding("prefix", "epoch", column) for column in columns),
        *(Binding("point", "epoch", column) for column in columns),
    )


@functools.cache
def curves_figure(y: str, number: str, _: Translate) -> go.Figure:
    """A train curve and a test curve over the epochs; `number` says how the value under the pointer is written."""
    train, test = _("train"), _("test")
    hover = _("epoch") + " %{x}<br>{name} " + number + "<extra></extra>"

    def faint(name: str, color: str) -> go.Scatter:
        return go.Scatter(
            mode="lines",
            line={"color": color, "width": 1.5},
            opacity=0.3,
            hovertemplate=hover.replace("{name}", name),
        )

    def strong(color: str, dash: str) -> go.Scatter:
        return go.Scatter(mode="lines", line={"color": color, "width": 2.5, "dash": dash}, hoverinfo="skip")

    def point(color: str, symbol: str) -> go.Scatter:
        marker = {"color": color, "size": 9, "symbol": symbol}
        return go.Scatter(mode="markers", marker=marker, hoverinfo="skip")

    traces = [
        faint(train, palette.TRAIN),
        faint(test, palette.TEST),
        strong(palette.TRAIN, "solid"),
        strong(palette.TEST, "6px,2px"),
        point(palette.TRAIN, "circle"),
        point(palette.TEST, "square"),
    ]
    figure = style.figure(traces, x=_("epoch"), y=y)
    figure.update_layout(hovermode="x")
    return figure


SNIPPET_STYLES = ((palette.TRAIN, "solid"), (palette.TEST, "6px,2px"))


def snippet_figure(curves: Sequence[wb.Curve], _: Translate) -> go.Figure:
    """At most two curves over the epochs, with their labels as the legend."""
    traces = [
        go.Scatter(x=curve.epochs, y=curve.losses, name=curve.label, mode="lines", line={"color": color, "dash": dash})
        for curve, (color, dash) in zip(curves, SNIPPET_STYLES, strict=False)
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

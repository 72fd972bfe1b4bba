"""The loss landscape over weight and bias, seen from above, with the path of the training."""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import palette, style
from .recording import Binding, Chart, Key, Recording, Titles, Translate, steady

FAR = 4.0
"""The axes follow a diverging path only this far from the target, or as far as it begins, and a quarter more."""

EDGE = 0.02
"""A path that comes this close to the edge, as a part of the width, needs a wider landscape."""


def landscape_range(path: np.ndarray, true: float) -> tuple[float, float]:
    """The range of a parameter's axis: the path and the true value, with a margin, to round numbers."""
    near = _near(path, true)
    low, high = min(float(near.min()), true), max(float(near.max()), true)
    air = max(0.25 * (high - low), 0.15)
    low, high = steady(low - air, high + air)
    return low, high


def _near(path: np.ndarray, true: float) -> np.ndarray:
    """The path without the parts that would make a dot of the valley; its start is always there."""
    far = max(FAR, 1.25 * abs(float(path[0]) - true))
    return np.clip(path, true - far, true + far)


def shows_path(recording: Recording, path: Mapping[str, np.ndarray], true: Mapping[str, float]) -> bool:
    """Whether the landscape of an earlier recording is wide enough for this path of `weight` and `bias`."""
    for name, values in path.items():
        near = _near(values, true[name])
        low, high = recording.columns[f"grid_{name}"][[0, -1]]
        air = EDGE * (high - low)
        if near.min() < low + air or near.max() > high - air:
            return False
    return True


def landscape_layout(recording: Recording) -> dict[str, Any]:
    """The axes of `landscape_chart`: those of the landscape."""
    ends = {name: recording.columns[f"grid_{name}"][[0, -1]].tolist() for name in ("weight", "bias")}
    return {"xaxis.range": ends["weight"], "yaxis.range": ends["bias"]}


def landscape_chart(recording: Recording, log: bool, _: Translate, *, best: bool = False) -> Chart:
    """The chart of the landscape; `log` colours it by powers of ten, like the loss chart.

    The star is the `best` line, or the true one.
    """
    return Chart(
        id="landscape",
        figure=_figure(log, best, "own_weight" in recording.columns, _),
        bindings=(
            Binding("grid", "grid_weight", "grid_bias", "grid_loss", log=log),
            Binding("whole", "weight", "bias", text="epoch"),
            Binding("whole", "start_weight", "start_bias"),
            Binding("whole", "true_weight", "true_bias"),
            Binding("prefix", "path_weight", "path_bias", lead=1),
            Binding("prefix", "path_weight", "path_bias", lead=1, shadow=True),
            Binding("point", "weight", "bias"),
        ),
        legend=(
            Key("●", palette.NEUTRAL, _("start")),
            Key("◆", palette.PATH, _("now")),
            Key("★", palette.WARNING, _("best") if best else _("target")),
        ),
        titles=Titles(
            _("Loss map: start and lowest point"),
            _("Path of the first step"),
            _("Path of {count} steps"),
        ),
        summary=Titles(
            _(
                "Map of the train loss over weight and bias. The model starts at weight {weight}, bias {bias}; "
                "the loss is lowest at weight {best_weight}, bias {best_bias}."
            ),
            _(
                "Map of the train loss over weight and bias. 1 step leads from weight {start_weight}, "
                "bias {start_bias} to weight {weight}, bias {bias}; the loss is lowest at weight {best_weight}, "
                "bias {best_bias}."
            ),
            _(
                "Map of the train loss over weight and bias. {count} steps lead from weight {start_weight}, "
                "bias {start_bias} to weight {weight}, bias {bias}; the loss is lowest at weight {best_weight}, "
                "bias {best_bias}."
            ),
        ),
        layout=landscape_layout(recording),
        click="place",
    )


@functools.cache
def _figure(log: bool, best: bool, scaled: bool, _: Translate) -> go.Figure:
    weight, bias = (_("weight (scaled)"), _("bias (scaled)")) if scaled else (_("weight"), _("bias"))
    train_loss, epoch = _("train loss"), _("epoch")
    at = f"{weight} %{{x:.4g}}<br>{bias} %{{y:.4g}}"
    number = "customdata" if log else "z"
    ground = go.Contour(
        colorscale=palette.SURFACE,
        ncontours=24,
        contours={"coloring": "fill", "showlines": True},
        line={"width": 0.5, "color": "rgba(255,255,255,0.35)"},
        colorbar={
            "thickness": 8,
            "outlinewidth": 0,
            "len": 1.0,
            "nticks": 5,
            "x": 1.01,
            "xpad": 2,
            **({"tickprefix": "10<sup>", "ticksuffix": "</sup>", "dtick": 1} if log else {}),
        },
        hovertemplate=f"{at}<br>{train_loss} %{{{number}:.4g}}<extra></extra>",
    )

    whole = go.Scatter(
        mode="lines",
        line={"color": "white", "width": 1.5},
        opacity=0.5,
        hovertemplate=f"{epoch} %{{text}}<br>{at}<extra></extra>",
    )

    def path(color: str, width: float) -> go.Scatter:
        return go.Scatter(mode="lines", line={"color": color, "width": width}, hoverinfo="skip")

    def mark(name: str, symbol: str, color: str, size: int) -> go.Scatter:
        return go.Scatter(
            mode="markers",
            marker={"symbol": symbol, "color": color, "size": size, "line": {"color": "white", "width": 1.5}},
            hovertemplate=f"{name}<br>{at}<extra></extra>",
        )

    traces = [
        ground,
        whole,
        mark(_("start"), "circle", palette.NEUTRAL, 9),
        mark(_("best") if best else _("target"), "star", palette.WARNING, 12),
        path("white", 5),
        path(palette.PATH, 2.5),
        mark(_("now"), "diamond", palette.PATH, 10),
    ]
    figure = style.figure(traces, x=weight, y=bias)
    figure.update_layout(margin={"r": 44})
    return figure

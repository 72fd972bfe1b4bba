"""A linear run as a recording, and its three charts: data and line, losses, landscape."""

import functools
import html
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go

import wb_core as wb

from . import palette, style
from .landscape import landscape_chart, landscape_layout, landscape_range, shows_path
from .loss import is_log, loss_chart, loss_layout
from .recording import Binding, Chart, Key, Recording, Rows, Titles, Translate, joined, padded, steady, thinned

ROWS = {name: Rows() for name in ("train_loss", "test_loss", "weight", "bias")} | {
    name: Rows(lead=1) for name in ("path_weight", "path_bias")
}
"""The columns that grow with a run."""

MODEL_LINE, OWN_LINE = ("weight", "bias"), ("own_weight", "own_bias")
"""The columns of a run's lines: as the model has them and, where it learns on scaled points, in the points' units."""

CHARTS = ("fit", "loss", "landscape")
"""The ids of `linear_charts`, in the order of `linear_layouts`."""

AT_START = tuple(f"start_{name}" for name in ("train_loss", "test_loss", "weight", "bias"))
"""The columns with the numbers before the first epoch."""

FAR = 20.0
"""The chart of the data always has the model's first line, unless that is at least this far away."""

MAX_NAME = 36
"""The name of an axis has at most this many characters."""

LANDSCAPE = ("grid_weight", "grid_bias", "grid_loss")
"""The columns of the landscape, which are made anew when the path of a run leaves it."""


def linear_recording(
    run: wb.Run, best: wb.BestLine | None = None, *, loaded: bool = False, before: Recording | None = None
) -> Recording:
    """The recording of a linear run before, after and, in another thread, during its training.

    `best` is the best line for its points and its loss, which callers have cached. `before` is an earlier recording of
    the same run, whose landscape stays as long as it shows the path.
    """
    best = best or wb.best_line(run.data, run.config.loss)
    trained = len(run.history) > 0
    if trained:
        frames = len(run.history)
        columns = {
            name: np.array(run.history.column(name)[:frames]) for name in ("train_loss", "test_loss", "weight", "bias")
        }
        known = before and {name.removeprefix("start_"): float(before.columns[name][0]) for name in AT_START}
        start = known or at_start(wb.Run(run.config, start=run.start))
    else:
        start = at_start(run)
        columns = {name: np.array([value]) for name, value in start.items()}
    goal = run.epochs if run.diverged_at is None else len(columns["weight"])
    groundless = line_recording(run.config, run.data, columns, start, best, trained=trained, goal=goal)
    columns = {**groundless.columns, **_landscape(run, groundless, before)}
    return replace(groundless, columns=columns, loaded=loaded)


def at_start(run: wb.Run) -> dict[str, float]:
    """The losses and the line of a run that is not trained yet."""
    return {**run.losses(), **run.line}


def line_recording(
    config: wb.LinearConfig,
    data: wb.LineData,
    columns: Mapping[str, np.ndarray],
    start: Mapping[str, float],
    best: wb.BestLine,
    *,
    trained: bool,
    goal: int,
) -> Recording:
    """The recording of a run with these losses and lines, without the ground of its landscape: only its corners.

    `start` has the same numbers before the first epoch. Points and the best line are in the units of the points; the
    losses, the landscape and the path are in those that the model learns in. Where these differ, there are the columns
    `own_weight` and `own_bias`, too. The target is the true line or, for points of one's own, the best one.
    """
    frames = len(columns["weight"])
    path = {name: np.concatenate([[start[name]], columns[name]]) for name in ("weight", "bias")}
    own, to_own = wb.own_data(config) if config.standardise else data, data.scale.own_line
    X_train, y_train, X_test, y_test = (
        tensor.flatten().cpu().numpy() for tensor in (own.X_train, own.y_train, own.X_test, own.y_test)
    )
    X = np.concatenate([X_train, X_test])
    ends = np.array([X.min(), X.max()])
    true_weight, true_bias = data.scale.model_line(config.weight, config.bias)
    if config.points:
        true_weight, true_bias = best.weight, best.bias
    own_weight, own_bias = to_own(best.weight, best.bias)
    if config.standardise:
        start = {**start, **dict(zip(OWN_LINE, to_own(start["weight"], start["bias"]), strict=True))}
        columns = {**columns, **dict(zip(OWN_LINE, to_own(columns["weight"], columns["bias"]), strict=True))}
        targets = to_own(true_weight, true_bias)
        columns |= {f"true_{name}": np.array([value]) for name, value in zip(OWN_LINE, targets, strict=True)}
    return Recording(
        columns={
            "epoch": np.arange(frames),
            **columns,
            **thinned(len(X), X_train=X_train, y_train=y_train, X_test=X_test, y_test=y_test),
            "line_x": ends,
            "best_y": own_weight * ends + own_bias,
            "best_weight": np.array([best.weight]),
            "best_bias": np.array([best.bias]),
            "start_epoch": np.array([-1]),
            **{f"start_{name}": np.array([value]) for name, value in start.items()},
            "path_weight": path["weight"],
            "path_bias": path["bias"],
            "true_weight": np.array([true_weight]),
            "true_bias": np.array([true_bias]),
            "grid_weight": np.array(landscape_range(path["weight"], true_weight), np.float32),
            "grid_bias": np.array(landscape_range(path["bias"], true_bias), np.float32),
        },
        frames=frames,
        trained=trained,
        goal=goal,
    )


def line_columns(recording: Recording) -> tuple[str, str]:
    """The columns with the lines in the units of the points."""
    return OWN_LINE if OWN_LINE[0] in recording.columns else MODEL_LINE


def rows(recording: Recording) -> dict[str, Rows]:
    """The columns of a recording that grow with its run, as in `ROWS`."""
    return ROWS | dict.fromkeys(line_columns(recording), Rows())


def _landscape(run: wb.Run, groundless: Recording, before: Recording | None) -> dict[str, np.ndarray]:
    """The ground between the corners of the landscape; that of the recording `before`, if it shows the path."""
    path = {name: groundless.columns[f"path_{name}"] for name in ("weight", "bias")}
    true = {name: float(groundless.columns[f"true_{name}"][0]) for name in path}
    if before is not None and shows_path(before, path, true):
        return {name: before.columns[name] for name in LANDSCAPE}
    weights, biases = (tuple(groundless.columns[f"grid_{name}"].tolist()) for name in ("weight", "bias"))
    ground = wb.loss_surface(run.data, run.config.loss, weights, biases)
    return {
        "grid_weight": ground.weights.numpy(),
        "grid_bias": ground.biases.numpy(),
        "grid_loss": ground.losses.flatten().numpy(),
    }


def linear_layouts(recording: Recording, before: Sequence[Mapping[str, Any]] | None = None) -> list[dict[str, Any]]:
    """The layouts of `linear_charts`. While a run grows, with those `before`, no axis of values shrinks."""
    found = [fit_layout(recording), loss_layout(recording), landscape_layout(recording)]
    if before is not None:
        for now, then in zip(found[:2], before, strict=False):
            if now.get("yaxis.type") == then.get("yaxis.type"):
                now["yaxis.range"] = joined(then["yaxis.range"], now["yaxis.range"])
    return found


def linear_charts(
    recording: Recording, loss_name: str, _: Translate, own: tuple[str, str] | None = None
) -> tuple[Chart, ...]:
    """The three linked charts of a linear run: data and line, losses, landscape and path.

    `own` are the names of X and y if the points are a visitor's own, "" if they have none: any text.
    """
    return (
        fit_chart(recording, _, own or ("", "")),
        loss_chart(recording, loss_name, _),
        landscape_chart(recording, is_log(recording), _, best=own is not None),
    )


def fit_layout(recording: Recording) -> dict[str, Any]:
    """The axes of `fit_chart`. The y-range holds the data, the model's first line, and the last one if near."""
    columns = recording.columns
    x = columns["line_x"]
    data = np.concatenate([columns["y_train"], columns["y_test"]])
    room = max(float(np.ptp(data)), 0.5)
    shown = [data]
    names = line_columns(recording)
    for (weight, bias), far in (([f"start_{name}" for name in names], 10 * room + FAR), (names, room)):
        shown.append(np.clip(columns[weight][-1] * x + columns[bias][-1], data.min() - far, data.max() + far))
    low, high = (float(edge) for edge in (np.concatenate(shown).min(), np.concatenate(shown).max()))
    return {
        "xaxis.range": padded(float(x.min()), float(x.max()), 0.04),
        "yaxis.range": steady(*padded(low, high, 0.06)),
    }


def fit_chart(recording: Recording, _: Translate, names: tuple[str, str] = ("", "")) -> Chart:
    """The chart of data and predictions, with these names of X and y, any text, at its axes."""
    weight, bias = line_columns(recording)

    def titles(untrained: str, trained: str) -> Titles:
        return Titles.two(*(_in_columns(text, weight, bias) for text in (untrained, trained)))

    return Chart(
        id="fit",
        figure=_named(_figure(_, **{axis: _form(recording, axis) for axis in "Xy"}), names),
        bindings=(
            Binding("whole", "X_train", "y_train"),
            Binding("whole", "X_test", "y_test"),
            Binding("line", "line_x", slope=weight, intercept=bias, shadow=True),
            Binding("line", "X_test", slope=weight, intercept=bias),
            Binding("whole", "line_x", "best_y"),
        ),
        legend=(
            Key("●", palette.TRAIN, _("train")),
            Key("■", palette.TEST, _("test")),
            Key("◇", palette.PREDICTION, _("predictions")),
            Key("╌╌", palette.NEUTRAL, _("best")),
        ),
        titles=titles(
            _("Loaded line: y = {weight}·X {+bias}")
            if recording.loaded
            else _("Untrained line: y = {weight}·X {+bias}"),
            _("Line at epoch {epoch}: y = {weight}·X {+bias}"),
        ),
        summary=titles(
            _("Chart of data and predictions. The loaded model predicts y = {weight} times X plus {bias}.")
            if recording.loaded
            else _("Chart of data and predictions. The untrained model predicts y = {weight} times X plus {bias}."),
            _("Chart of data and predictions. At epoch {epoch} it predicts y = {weight} times X plus {bias}."),
        ),
        layout=fit_layout(recording),
        click="point",
    )


def _in_columns(text: str, weight: str, bias: str) -> str:
    """A title with these columns in place of `weight` and `bias`."""
    for name, column in (("weight", weight), ("bias", bias)):
        text = text.replace(f"{{{name}}}", f"{{{column}}}").replace(f"{{+{name}}}", f"{{+{column}}}")
    return text


def _named(figure: go.Figure, names: tuple[str, str]) -> go.Figure:
    """The figure with names at its axes. In plotly.js a text may have markup, so it is escaped."""
    if not any(names):
        return figure
    short = (textwrap.shorten(name, MAX_NAME, placeholder="…") if " " in name else name[:MAX_NAME] for name in names)
    x, y = (html.escape(name, quote=False) for name in short)
    return go.Figure(figure).update_layout(xaxis_title_text=x or "X", yaxis_title_text=y or "y")


def _form(recording: Recording, axis: str) -> str:
    """The format of the numbers of one axis for labels under the pointer: as the axis writes large ones, 120M."""
    columns = (recording.columns[f"{axis}_{side}"] for side in ("train", "test"))
    large = any(float(np.abs(column).max(initial=0)) >= 1e5 for column in columns)
    return ".4s" if large else {"X": ".4g", "y": ".5g"}[axis]


@functools.cache
def _figure(_: Translate, *, X: str, y: str) -> go.Figure:
    values = f"<br>X %{{x:{X}}}, y %{{y:{y}}}<extra></extra>"

    def points(name: str, color: str, symbol: str, size: int) -> go.Scatter:
        marker = {
            "color": color,
            "symbol": symbol,
            "size": size,
            "line": {"color": color, "width": 1.5 if "open" in symbol else 0},
        }
        return go.Scatter(mode="markers", marker=marker, hovertemplate=name + values)

    line = go.Scatter(mode="lines", line={"color": palette.PREDICTION, "width": 2.5}, opacity=0.85, hoverinfo="skip")
    # The line with the least train loss.
    dashes = {"color": palette.NEUTRAL, "width": 1.5, "dash": "5px,4px"}
    best = go.Scatter(mode="lines", line=dashes, hovertemplate=_("best") + values)
    traces = [
        points(_("train"), palette.TRAIN, "circle", 5),
        points(_("test"), palette.TEST, "square", 5),
        line,
        points(_("predictions"), palette.PREDICTION, "diamond-open", 8),
        best,
    ]
    return style.figure(traces, x="X", y="y")

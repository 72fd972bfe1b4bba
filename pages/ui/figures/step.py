"""One epoch of a run as two charts: the points with the line before and after the step, and the loss curve."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import plotly.graph_objects as go

from . import palette, style
from .loss import exploded, loss_axis
from .recording import Binding, Chart, Key, Recording, Titles, Translate, padded, thinned

MAX_STRETCHES = 400
"""A curve of more than twice as many epochs is thinned to this number of stretches."""


MAX_TURNS = 40
"""A curve with more ups and downs is drawn as dots."""


@dataclass(frozen=True)
class LossCurve:
    """A loss of a run, epoch by epoch."""

    losses: Sequence[float]

    def thinned(self, shown: int) -> tuple[np.ndarray, np.ndarray]:
        """Epochs and losses; of a long run the lowest and highest of every stretch, the ends, and the displayed one."""
        losses = np.asarray(self.losses, dtype=float)
        count = len(losses)
        if count <= 2 * MAX_STRETCHES:
            return np.arange(count), losses
        keep = {0, count - 1, min(shown, count - 1)}
        for stretch in np.array_split(np.arange(count), MAX_STRETCHES):
            keep |= {int(stretch[losses[stretch].argmin()]), int(stretch[losses[stretch].argmax()])}
        epochs = np.array(sorted(keep))
        return epochs, losses[epochs]


@dataclass(frozen=True)
class EpochSnapshot:
    """An epoch as the charts show it: points, lines (weight, bias) before and after the step, residuals and curves.

    `residuals` are X, y and predictions of the points whose residuals are drawn. `after` is None before the step; `end`
    is the line at the end of the epoch, for which the axes have room all the time. `control` is None without a what-if.
    `tested` says whether the test of this epoch has run, `scaled` whether the points are scaled ones.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    before: tuple[float, float]
    after: tuple[float, float] | None
    end: tuple[float, float]
    residuals: tuple[np.ndarray, ...] | None
    tested: bool
    epoch: int
    curve: LossCurve
    test_curve: LossCurve
    control: LossCurve | None
    goal: int
    scaled: bool = False


def step_recording(snapshot: EpochSnapshot) -> Recording:
    """The columns of both charts."""
    p = snapshot
    line_x = _ends(p)
    leaving = _leaving(p)
    epochs, losses = p.curve.thinned(p.epoch)
    control = p.control.thinned(p.epoch) if p.control else (np.array([]), np.array([]))
    now = p.after or p.before
    at = [p.epoch] if p.epoch < len(p.curve.losses) else []
    tested = at if p.tested else []
    test_epochs, test_losses = p.test_curve.thinned(p.epoch)
    count = len(p.X_train) + len(p.X_test)
    x, y, y_pred = p.residuals or (np.array([]),) * 3
    x, y, y_pred = thinned(count, x=x, y=y, y_pred=y_pred).values()
    gap = np.full_like(x, np.nan)
    return Recording(
        columns={
            **thinned(count, X_train=p.X_train, y_train=p.y_train, X_test=p.X_test, y_test=p.y_test),
            "line_x": line_x,
            "line_before": p.before[0] * line_x + p.before[1],
            "now_x": line_x if p.after else np.array([]),
            "line_now": now[0] * line_x + now[1] if p.after else np.array([]),
            "stick_x": np.stack([x, x, gap], axis=1).flatten(),
            "stick_y": np.stack([y, y_pred, gap], axis=1).flatten(),
            **{f"{part}_{axis}": leaving[part][:, k] for part in leaving for k, axis in enumerate("xy")},
            "curve_epoch": epochs,
            "curve_loss": losses,
            "control_epoch": control[0],
            "control_loss": control[1],
            "at_epoch": np.array(at),
            "at_loss": np.array([p.curve.losses[e] for e in at]),
            "test_epoch": test_epochs,
            "test_loss": test_losses,
            "tested_epoch": np.array(tested),
            "tested_loss": np.array([p.test_curve.losses[e] for e in tested]),
        },
        frames=1,
        trained=True,
        goal=p.goal,
    )


def outside(snapshot: EpochSnapshot) -> tuple[float, float] | None:
    """The lowest and highest y of the current line if none of it is in the chart."""
    low, high = _heights(snapshot)
    line = _line(snapshot, snapshot.after or snapshot.before)
    return (float(line.min()), float(line.max())) if line.min() > high or line.max() < low else None


def _ends(snapshot: EpochSnapshot) -> np.ndarray:
    """The least and the greatest X."""
    X = np.concatenate([snapshot.X_train, snapshot.X_test])
    return np.array([X.min(), X.max()])


def _line(snapshot: EpochSnapshot, parameters: tuple[float, float]) -> np.ndarray:
    """The y of a line at both ends; 0 where the numbers overflow."""
    return np.nan_to_num(parameters[0] * _ends(snapshot) + parameters[1], posinf=0, neginf=0)


def _heights(snapshot: EpochSnapshot) -> tuple[float, float]:
    """The lowest and highest y of the chart: the same in all lines of an epoch, with some room for lines that leave."""
    data = np.concatenate([snapshot.y_train, snapshot.y_test])
    room = max(float(np.ptp(data)), 0.5)
    lines = np.concatenate([_line(snapshot, snapshot.before), _line(snapshot, snapshot.end)])
    shown = np.clip(lines, data.min() - room, data.max() + room)
    return float(min(data.min(), shown.min())), float(max(data.max(), shown.max()))


def _leaving(snapshot: EpochSnapshot) -> dict[str, np.ndarray]:
    """Arrows to the edge for lines outside the chart: points (x, y) of their shafts and of their heads, up or down."""
    low, high = _heights(snapshot)
    first, last = _ends(snapshot)
    shafts: list[tuple[float, float]] = []
    heads: dict[str, list[tuple[float, float]]] = {"up": [], "down": []}
    for parameters, part in ((snapshot.before, 0.35), (snapshot.after, 0.65)):
        line = np.array([0.0]) if parameters is None else _line(snapshot, parameters)
        if parameters is None or (line.min() <= high and line.max() >= low):
            continue
        x, above = float(first + part * (last - first)), bool(line.min() > high)
        edge = high if above else low
        start = edge + (low - high if above else high - low) * 0.3
        if parameters is snapshot.after and outside(replace(snapshot, after=None)) is None:
            start = float(np.interp(x, _ends(snapshot), _line(snapshot, snapshot.before)))  # from where the line was
        shafts += [(x, start), (x, edge), (np.nan, np.nan)]
        heads["up" if above else "down"].append((x, edge))
    return {name: np.array(found).reshape(-1, 2) for name, found in {"shaft": shafts, **heads}.items()}


def line_chart(snapshot: EpochSnapshot, recording: Recording, title: str, summary: str, _: Translate) -> Chart:
    """The points, the line before and, once taken, after the step, and the residuals as vertical lines."""
    columns = recording.columns
    if outside(snapshot):
        title += " " + _("(outside the chart)")
    after = (Key("─", palette.PREDICTION, _("after the step")),) if snapshot.after else ()
    return Chart(
        id="step-line",
        figure=_line_figure(snapshot.scaled, _),
        bindings=(
            Binding("whole", "stick_x", "stick_y"),
            Binding("whole", "X_train", "y_train"),
            Binding("whole", "X_test", "y_test"),
            Binding("whole", "line_x", "line_before"),
            Binding("whole", "now_x", "line_now"),
            *(Binding("whole", f"{part}_x", f"{part}_y") for part in ("shaft", "up", "down")),
        ),
        legend=(
            Key("●", palette.TRAIN, _("train")),
            Key("■", palette.TEST, _("test")),
            Key("┄", palette.PREDICTION, _("before the step")),
            *after,
        ),
        titles=_same(title),
        summary=_same(summary),
        layout={
            "xaxis.range": padded(float(columns["line_x"][0]), float(columns["line_x"][-1]), 0.04),
            "yaxis.range": padded(*_heights(snapshot), 0.06),
        },
    )


def curve_chart(
    snapshot: EpochSnapshot, recording: Recording, title: str, summary: str, loss_name: str, _: Translate
) -> Chart:
    """Both losses over the epochs with a mark at this one, and the run that the what-if is compared with."""
    columns = recording.columns
    losses = np.concatenate([columns["curve_loss"], columns["control_loss"], columns["test_loss"]])
    control = (Key("┄", palette.NEUTRAL, _("train, without the change")),) if snapshot.control else ()
    return Chart(
        id="step-curve",
        figure=_curve_figure(loss_name, any(map(_zigzags, (snapshot.curve, snapshot.test_curve))), _),
        bindings=(
            Binding("whole", "control_epoch", "control_loss"),
            Binding("whole", "curve_epoch", "curve_loss"),
            Binding("whole", "at_epoch", "at_loss"),
            Binding("whole", "test_epoch", "test_loss"),
            Binding("whole", "tested_epoch", "tested_loss"),
        ),
        legend=(Key("●", palette.TRAIN, _("train")), Key("■", palette.TEST, _("test")), *control),
        titles=_same(title),
        summary=_same(summary),
        layout={"xaxis.range": padded(0, max(snapshot.goal - 1, 1), 0.03), **loss_axis(losses, log=exploded(losses))},
    )


def _same(text: str) -> Titles:
    return Titles(text, text, text)


@functools.cache
def _line_figure(scaled: bool, _: Translate) -> go.Figure:
    values = "<br>X %{x:.4g}, y %{y:.5g}<extra></extra>"

    def points(name: str, color: str, symbol: str) -> go.Scatter:
        marker = {"color": color, "symbol": symbol, "size": 5}
        return go.Scatter(mode="markers", marker=marker, hovertemplate=name + values)

    def line(name: str, dash: str, width: float) -> go.Scatter:
        return go.Scatter(
            mode="lines",
            line={"color": palette.PREDICTION, "dash": dash, "width": width},
            hovertemplate=name + values,
        )

    residuals = go.Scatter(mode="lines", line={"color": palette.NEUTRAL, "width": 1}, hoverinfo="skip")
    return style.figure(
        [
            residuals,
            points(_("train"), palette.TRAIN, "circle"),
            points(_("test"), palette.TEST, "square"),
            line(_("before the step"), "4px,3px", 1.5),
            line(_("after the step"), "solid", 2),
            go.Scatter(mode="lines", line={"color": palette.PREDICTION, "width": 3}, hoverinfo="skip"),
            *(_head(symbol) for symbol in ("triangle-up", "triangle-down")),
        ],
        x=_("X (scaled)") if scaled else "X",
        y=_("y (scaled)") if scaled else "y",
    )


def _head(symbol: str) -> go.Scatter:
    """The head of an arrow to a line that is outside the chart."""
    return go.Scatter(
        mode="markers", marker={"color": palette.PREDICTION, "symbol": symbol, "size": 16}, hoverinfo="skip"
    )


def _zigzags(curve: LossCurve) -> bool:
    """Whether the loss goes up and down from epoch to epoch for so long that a thick line would fill the chart."""
    turns = np.diff(np.sign(np.diff(curve.losses))) != 0
    return len(turns) > MAX_TURNS and float(turns.mean()) > 0.5


@functools.cache
def _curve_figure(loss_name: str, zigzag: bool, _: Translate) -> go.Figure:
    """Losses as lines; with `zigzag` as dots, joined by the thinnest of lines."""
    hover = _("epoch") + " %{x}<br>%{y:.6g}<extra></extra>"

    def losses(color: str, symbol: str, dash: str) -> go.Scatter:
        if not zigzag:
            return go.Scatter(mode="lines", line={"color": color, "width": 2, "dash": dash}, hovertemplate=hover)
        marker = {"color": color, "symbol": symbol, "size": 3}
        return go.Scatter(mode="lines+markers", line={"color": color, "width": 0.3}, marker=marker, hovertemplate=hover)

    traces = [
        go.Scatter(mode="lines", line={"color": palette.NEUTRAL, "width": 1.5, "dash": "4px,3px"}, hovertemplate=hover),
        losses(palette.TRAIN, "circle", "solid"),
        go.Scatter(mode="markers", marker={"color": palette.TRAIN, "size": 10}, hovertemplate=hover),
        losses(palette.TEST, "square", "6px,2px"),
        go.Scatter(mode="markers", marker={"color": palette.TEST, "size": 10, "symbol": "square"}, hovertemplate=hover),
    ]
    return style.figure(traces, x=_("epoch"), y=_("loss") + f" ({loss_name})")

"""An image run as a recording, and its two charts: the losses and the test accuracy, over the epochs."""

import functools
import math

import numpy as np
import plotly.graph_objects as go

import wb_core as wb

from . import palette, style
from .loss import exploded, loss_axis
from .recording import Binding, Chart, Key, Recording, Titles, Translate

MAX_FRAMES = 200


def image_recording(report: wb.Report) -> Recording:
    """The recording of an image run, from its first batch on.

    A frame is a group of batches: `x` is where it ends, in epochs, `train_loss` the mean over its batches, `seen` how
    many images were used, `done` how many epochs were tested. `test_loss` and `test_accuracy` are those of the last
    test so far; `test_loss_at` and `test_accuracy_at` have a number only in frames that end with a test.
    """
    epochs, batches = report.job.config.epochs, report.batches
    losses = _finite(np.array(report.batch_losses, dtype=np.float64))
    ends = frame_ends(batches, epochs, len(losses))
    trained = len(ends) > 0
    if not trained:
        evaluation = report.evaluation
        tested = (math.nan, math.nan) if evaluation is None else (evaluation.loss, evaluation.accuracy)
        columns = {"x": 0.0, "train_loss": math.nan, "seen": 0, "done": 0}
        columns |= dict(zip(("test_loss", "test_accuracy"), tested, strict=True))
        columns |= dict(zip(("test_loss_at", "test_accuracy_at"), tested, strict=True))
        return Recording({name: np.array([value]) for name, value in columns.items()}, 1, False, epochs)
    starts = np.concatenate([[0], ends[:-1]])
    sums = np.concatenate([[0.0], np.cumsum(losses)])
    done = np.minimum(ends // batches, len(report.rows))
    in_epoch = np.minimum(ends % batches * report.job.config.batch_size, report.samples)
    columns = {
        "x": ends / batches,
        "train_loss": (sums[ends] - sums[starts]) / (ends - starts),
        "seen": ends // batches * report.samples + in_epoch,
        "done": done,
    }
    at_test = (ends % batches == 0) & (ends // batches <= len(report.rows))
    for name in ("test_loss", "test_accuracy"):
        known = np.array([math.nan, *(row[name] for row in report.rows)])
        columns[name] = known[done]
        columns[f"{name}_at"] = np.where(at_test, known[done], math.nan)
    return Recording(columns, len(ends), True, epochs)


def frame_ends(batches: int, epochs: int, learned: int) -> np.ndarray:
    """The number of batches at the end of each frame, for at most 200 frames; every epoch ends with a frame."""
    if not learned:
        return np.array([], dtype=np.int64)
    parts = max(1, min(batches, MAX_FRAMES // epochs))
    within = np.arange(1, parts + 1) * batches // parts
    ends = (np.arange(epochs)[:, None] * batches + within).flatten()
    ends = ends[ends <= learned]
    return ends if len(ends) and ends[-1] == learned else np.append(ends, learned)


def image_charts(recording: Recording, loss_name: str, _: Translate) -> tuple[Chart, ...]:
    """The charts of the losses and of the accuracy."""
    columns = recording.columns
    losses = np.concatenate([columns["train_loss"], columns["test_loss"]])
    log = exploded(columns["train_loss"])
    axis = loss_axis(losses, log=log)
    if not log:  # an untrained model of ten classes starts at ln 10
        axis["yaxis.range"] = [0, max(axis["yaxis.range"][1], 1.1 * math.log(10))]
    tested = not math.isnan(columns["test_loss"][-1])
    loaded = tested and not recording.trained
    none = _("No test yet: it comes after each epoch")
    x = {"xaxis.range": [-0.02 * recording.goal, recording.goal * 1.02]}
    return (
        Chart(
            id="loss",
            figure=_losses(loss_name, _),
            bindings=(
                Binding("whole", "x", "train_loss"),
                Binding("whole", "x", "test_loss_at"),
                Binding("prefix", "x", "train_loss"),
                Binding("prefix", "x", "test_loss_at"),
                Binding("point", "x", "train_loss"),
            ),
            legend=(Key("●", palette.TRAIN, _("train, by batches")), Key("■", palette.TEST, _("test"))),
            titles=Titles(
                _("Test loss {test_loss} as loaded") if loaded else none,
                _("Test loss {test_loss} after 1 epoch"),
                _("Test loss {test_loss} after {count} epochs"),
            ),
            summary=Titles(
                _("Chart of the losses. Train loss {train_loss}, test loss {test_loss}."),
                _("Chart of the losses. After 1 epoch train loss {train_loss}, test loss {test_loss}."),
                _("Chart of the losses. After {count} epochs train loss {train_loss}, test loss {test_loss}."),
            ),
            layout={**x, **axis},
        ),
        Chart(
            id="accuracy",
            figure=_accuracy(_),
            bindings=(Binding("whole", "x", "test_accuracy_at"), Binding("prefix", "x", "test_accuracy_at")),
            legend=(Key("■", palette.TEST, _("test")),),
            titles=Titles(
                _("Test accuracy {test_accuracy}% as loaded") if loaded else none,
                _("Test accuracy {test_accuracy}% after 1 epoch"),
                _("Test accuracy {test_accuracy}% after {count} epochs"),
            ),
            summary=Titles(
                _("Chart of the test accuracy. It is {test_accuracy} percent."),
                _("Chart of the test accuracy. After 1 epoch it is {test_accuracy} percent."),
                _("Chart of the test accuracy. After {count} epochs it is {test_accuracy} percent."),
            ),
            layout={**x, "yaxis.range": [0, 104]},
        ),
    )


def _finite(losses: np.ndarray) -> np.ndarray:
    """The losses before the first that is not finite."""
    wild = np.flatnonzero(~np.isfinite(losses))
    return losses[: wild[0]] if len(wild) else losses


def _lines(color: str, name: str, hover: str, *, mode: str = "lines") -> tuple[go.Scatter, go.Scatter]:
    """The whole curve, faint and with hover texts, and the part up to the displayed frame."""
    look = {"mode": mode, "connectgaps": True, "marker": {"symbol": "square", "size": 8, "color": color}}
    template = hover.replace("{name}", name)
    faint = go.Scatter(**look, line={"color": color, "width": 1.5}, opacity=0.3, hovertemplate=template)
    return faint, go.Scatter(**look, line={"color": color, "width": 2.5}, hoverinfo="skip")


@functools.cache
def _losses(loss_name: str, _: Translate) -> go.Figure:
    hover = _("epochs done") + " %{x:.2f}<br>{name} %{y:.4g}<extra></extra>"
    train, strong_train = _lines(palette.TRAIN, _("train"), hover)
    test, strong_test = _lines(palette.TEST, _("test"), hover, mode="lines+markers")
    point = go.Scatter(mode="markers", marker={"color": palette.TRAIN, "size": 9}, hoverinfo="skip")
    traces = [train, test, strong_train, strong_test, point]
    return style.figure(traces, x=_("epochs done"), y=_("loss") + f" ({loss_name})")


@functools.cache
def _accuracy(_: Translate) -> go.Figure:
    hover = _("epochs done") + " %{x:.0f}<br>{name} %{y:.2f}%<extra></extra>"
    traces = _lines(palette.TEST, _("test"), hover, mode="lines+markers")
    return style.figure(traces, x=_("epochs done"), y=_("test accuracy (%)"))

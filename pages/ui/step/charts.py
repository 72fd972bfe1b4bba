"""The charts of a line of code, and the graph of the loss."""

import numpy as np
import streamlit as st

import wb_core as wb
from wb_core.kinds.line.microscope import Moment, Trace

from ..figures.graph import graph_dot, graph_words
from ..figures.step import EpochSnapshot, LossCurve, curve_chart, line_chart, outside, step_recording
from ..i18n import _, language, translator
from ..player import play
from ..widgets.fields import torch_name
from ..widgets.numbers import number
from .explanations import skipped
from .runs import Runs
from .view import StepView


def charts(view: StepView, trace: Trace, runs: Runs) -> None:
    """Draw the points with the fitted line before and after the step, and this epoch's place on the loss curve."""
    run, snapshot = runs.main.run, _snapshot(view, trace, runs)
    recording, words = step_recording(snapshot), translator(language())
    weight, bias = (number(value) for value in snapshot.after or snapshot.before)
    line = (
        _("After the step: y = {weight}·X + {bias}")
        if snapshot.after
        else _("Before the step: y = {weight}·X + {bias}")
    )
    line = line.format(weight=weight, bias=bias).replace("+ -", "− ")
    if view.line == "evaluate":
        curve = _("Epoch {epoch}: test loss {loss}").format(epoch=view.epoch, loss=_number(trace, "test_loss"))
    else:
        curve = _("Epoch {epoch}: train loss {loss}").format(epoch=view.epoch, loss=_number(trace, "loss"))
    loss_name = torch_name(run.config, "loss")
    play(
        recording,
        (
            line_chart(snapshot, recording, line, _("Chart of the points and the line.") + " " + line, words),
            curve_chart(snapshot, recording, curve, _("Chart of the losses.") + " " + curve, loss_name, words),
        ),
        (),
        token=f"{runs.main.token}.{view.epoch}.{view.line}",
        show="end",
        still=True,
        key="step",
    )


def leaving(view: StepView, trace: Trace, runs: Runs) -> str:
    """A sentence on where the line is, if it is outside the chart."""
    snapshot = _snapshot(view, trace, runs)
    found = outside(snapshot)
    if found is None:
        return ""
    sentence = (
        _("**This step is so big that the line leaves the chart: it's now at y = {low} to {high}.**")
        if snapshot.after
        else _("**The line is outside the chart, at y = {low} to {high}.**")
    )
    low, high = (number(value) for value in found)
    return sentence.format(low=low, high=high)


def graph(view: StepView, trace: Trace) -> None:
    """Draw the graph that PyTorch recorded while it computed the loss, with the part of the line that has just run."""
    words = translator(language())
    with st.container(key="graph"):
        st.header(
            _("The graph behind the loss"),
            anchor=False,
            help=_(
                "PyTorch records it from top to bottom; `loss.backward()` goes back up. X and y aren't in it: they "
                "need no gradients."
            ),
        )
        with st.container(key="at-skipped" if skipped(view) else f"at-{view.line}"):
            st.graphviz_chart(graph_dot(trace.graph, words), alt=graph_words(trace.graph, words), width="content")


def signs_of_graph() -> None:
    """Explain what stands in the boxes of the graph."""
    st.caption(
        _(
            "In the graph, filled boxes belong to this line, and orange is what the model learns. Each other box is a "
            "computation, with PyTorch's name for the way back through it and the shape of its result."
        )
    )


def _snapshot(view: StepView, trace: Trace, runs: Runs) -> EpochSnapshot:
    data, (_before, after) = runs.main.run.data, trace.around(view.line)
    X_train, y_train, X_test, y_test = (
        tensor.flatten().cpu().numpy() for tensor in (data.X_train, data.y_train, data.X_test, data.y_test)
    )
    history = runs.main.run.history
    names = [name for name in after.tensors if f"{name}.grad" in after.tensors]
    before, now = (tuple(moment.tensors[name].item() for name in names) for moment in (trace.before, after))
    return EpochSnapshot(
        X_train,
        y_train,
        X_test,
        y_test,
        before=before,
        after=now if view.line in ("step", "evaluate") else None,
        end=tuple(trace.moments[-1].tensors[name].item() for name in names),
        residuals=_residuals(view.line, after, data),
        tested=view.line == "evaluate",
        epoch=view.epoch,
        curve=LossCurve(history.column("train_loss")),
        test_curve=LossCurve(history.column("test_loss")),
        control=LossCurve(runs.control.run.history.column("train_loss")) if runs.control else None,
        goal=runs.main.run.epochs,
        scaled=runs.main.run.config.standardise,
    )


def _residuals(line: str, moment: Moment, data: wb.LineData) -> tuple[np.ndarray, ...] | None:
    """X, y and predictions of the points that this line of code uses, if it has predictions."""
    if line in ("train", "step"):
        return None
    test = line == "evaluate"
    X, y = (data.X_test, data.y_test) if test else (data.X_train, data.y_train)
    predictions = moment.tensors["test_pred" if test else "y_pred"]
    return None if predictions is None else tuple(t.flatten().cpu().numpy() for t in (X, y, predictions))


def _number(trace: Trace, name: str) -> str:
    last = trace.moments[-1].tensors[name]
    return "–" if last is None else number(last.item())

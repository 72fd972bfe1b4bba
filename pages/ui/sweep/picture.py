"""What came of a sweep: the map or the curve, all runs as a table, and the run that was chosen."""

import functools
import math

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import wb_core as wb
from wb_core.fields import Choice, specs

from .. import doctor, state
from ..figures.fit import fit_chart
from ..figures.linear import linear_recording
from ..figures.loss import loss_chart
from ..figures.sweep import DIAGNOSES, Landscape, curve_figure, landscape, lines_figure, map_figure
from ..i18n import N_, _, language, translator
from ..linear_controls import loss_name
from ..numbers import number
from ..player import play
from .lab import SweepLab

SHOWN = "sweep.shown"
LOSS = "sweep.loss"
LOSSES = {"final_test_loss": N_("Final test loss"), "best_test_loss": N_("Best test loss")}
WAYS = {"map": N_("Picture"), "lines": N_("All axes at once"), "table": N_("Table")}


def draw(lab: SweepLab) -> None:
    """Draw the sweep on show and the chosen run beside it."""
    work = lab.work
    assert work is not None  # noqa: S101
    state.prime(SHOWN, "map")
    state.prime(LOSS, "final_test_loss")
    frame = lab.once(("frame",), work.result.frame)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        way = _choice(_("What to look at"), WAYS, SHOWN)
        column = _choice(_("Which loss"), LOSSES, LOSS)
    st.markdown(_finding(lab, frame, column))
    if way == "map":
        _map(lab, column)
    elif way == "lines":
        words = {name: _label(name) for name in work.axes.values if len(work.axes.values[name]) > 1}
        st.plotly_chart(lines_figure(frame, words, column, _(LOSSES[column])), key="sweep.lines")
    else:
        _table(frame)


def _choice(label: str, options: dict[str, str], key: str) -> str:
    chosen: str = st.segmented_control(
        label,
        list(options),
        format_func=lambda name: _(options[name]),
        key=key,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen


def _label(name: str) -> str:
    return _(specs(wb.LinearConfig)[name].label)


def _finding(lab: SweepLab, frame: pd.DataFrame, column: str) -> str:
    """The best of all runs, and how many went wrong, in a sentence."""
    done = frame[frame["diagnosis"] != ""]
    if done[column].notna().any():
        best = done.loc[done[column].idxmin()]
        where = ", ".join(
            f"{_label(span.name)} {_value(best[span.name])}"
            for span in lab.view.spans  # what was varied on purpose
        )
        said = _("The best of {runs} runs: {loss} at {where}.").format(
            runs=f"{len(done):,}", loss=number(float(best[column])), where=where
        )
    else:
        said = _("No run ended with a number.")
    counts = done["diagnosis"].value_counts()
    exploded, bounced = int(counts.get("exploding", 0)), int(counts.get("bouncing", 0))
    if exploded or bounced:
        said += " " + _("Exploded (×): {exploded}. Bouncing (◇): {bounced}.").format(
            exploded=f"{exploded:,}", bounced=f"{bounced:,}"
        )
    if lab.stopped:
        said += " " + _("Stopped before the end: {missing} runs are missing.").format(
            missing=f"{len(frame) - len(done):,}"
        )
    return said


def _value(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@st.fragment
def _map(lab: SweepLab, column: str) -> None:
    """The picture and the chosen run: a click on a cell draws these two alone, and the picture is the same one."""
    left, right = st.columns([0.56, 0.44], gap="medium")
    with left:
        event = st.plotly_chart(
            lab.once((column, language()), functools.partial(_figure, lab, column)),
            key=f"sweep.map.{lab.number}.{column}",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
        )
        points = event.selection.points if event else []
        if points and (found := _run_of(points[0])) is not None:
            lab.choose(found)
        st.caption(_("Choose a cell to see its run. The ring marks the best one."))
    with right:
        _chosen(lab)


def _figure(lab: SweepLab, column: str) -> go.Figure:
    work, spans, say = lab.work, lab.view.spans, translator(language())
    assert work is not None  # noqa: S101
    land = landscape(
        lab.once(("frame",), work.result.frame),
        [span.name for span in spans],
        [span.values for span in spans],
        [span.log for span in spans],
        lab.view.seeds,
        column,
    )
    words = {span.name: _label(span.name) for span in spans}
    draw_it = map_figure if len(spans) == 2 else curve_figure
    return draw_it(land, words, _(LOSSES[column]), _limit(work.axes.config, land), say)


def _run_of(point: object) -> int | None:
    """The run behind a point that a browser says was chosen: it can send anything."""
    data = point.get("customdata") if isinstance(point, dict) else None
    first = data[0] if isinstance(data, list) and data else data.get("0") if isinstance(data, dict) else None
    return int(first) if isinstance(first, int | float) and not isinstance(first, bool) and first == first else None


def _limit(config: wb.LinearConfig, land: Landscape) -> dict[str, float]:
    """Where the learning rate becomes too large for MSE, if it is an axis and nothing else moves that limit."""
    if "lr" not in land.names or config.loss != "mse" or config.optimizer != "sgd":
        return {}
    if set(land.names) & {"loss", "optimizer", "momentum", "train_fraction"}:
        return {}
    limit = wb.limits_of(wb.Run(config).data, "mse").lr(config)
    return {} if limit is None or not math.isfinite(limit) else {"lr": limit}


def _chosen(lab: SweepLab) -> None:
    """The curves of the chosen run, what became of it, and the way into its lab."""
    run = lab.run
    if run is None:
        st.info(
            _("Choose a cell: here come the losses of its run, its line, and what became of it."),
            icon=":material/touch_app:",
        )
        return
    recording, say = linear_recording(run), translator(language())
    charts = (loss_chart(recording, loss_name(run.config), say), fit_chart(recording, say))
    play(recording, charts, (), token=f"sweep {lab.number} {lab.chosen}", show="end", key="sweep.player")
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)
    st.markdown(" ".join(doctor.sentences(run, diagnosis)))
    label = _("Open it in its lab")
    if st.button(label, icon=":material/show_chart:", key="sweep.open", on_click=lab.leave_for, args=(run.config,)):
        st.rerun()  # all of the page, which leaves


def _table(frame: pd.DataFrame) -> None:
    columns = {name: _label(name) for name in frame.columns if name in specs(wb.LinearConfig)}
    columns |= {
        "final_train_loss": _("Final train loss"),
        "final_test_loss": _("Final test loss"),
        "best_train_loss": _("Best train loss"),
        "best_test_loss": _("Best test loss"),
        "best_epoch": _("Best epoch"),
        "learned_weight": _("Learned weight"),
        "learned_bias": _("Learned bias"),
        "diverged_at": _("Diverged at epoch"),
        "diagnosis": _("Diagnosis"),
    }
    shown = frame.assign(diagnosis=[_(DIAGNOSES[label]) for label in frame["diagnosis"]])
    for name, spec in specs(wb.LinearConfig).items():
        if name in shown and isinstance(spec, Choice):
            words = {option: _(word) for option, (word, _torch_name) in spec.options.items()}
            shown[name] = [words[option] for option in shown[name]]
    st.dataframe(shown.rename(columns=columns), hide_index=True, height=400)
    st.download_button(
        _("Download CSV"),
        functools.partial(frame.to_csv, index=False),
        file_name="sweep.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )

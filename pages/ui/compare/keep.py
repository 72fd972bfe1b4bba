"""The button that keeps the displayed run, and the link to the comparison."""

import dataclasses
from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..labs.images.lab import ImageLab
from ..labs.line.lab import LinearLab
from ..sentences import explain
from ..session import state
from .settings import suggested_name
from .tray import Tray

MAX_EPOCHS = 1_000_000  # the most that a config allows; a continued run may have had more


def line(lab: LinearLab) -> wb.KeptRun | None:
    """The run of the linear-regression lab as one to keep; None where nothing was trained."""
    return kept_line(lab.run, loaded=lab.loaded)


def kept_line(run: wb.LinearRun, *, loaded: bool = False, varied: Sequence[str] = ()) -> wb.KeptRun | None:
    """A run of a line as one to keep; `loaded` from a checkpoint, or with these settings `varied` in a sweep.

    None where nothing was trained.
    """
    if not run.epoch:
        return None
    config = dataclasses.replace(run.config, epochs=min(run.epochs, MAX_EPOCHS))
    return wb.KeptRun.of(
        suggested_name(config, varied),
        config,
        {name: run.history.column(name) for name in ("train_loss", "test_loss")},
        seconds=run.seconds,
        device=str(run.device),
        outcome="exploded" if run.diverged_at is not None else "done" if run.done else "stopped",
        loaded=loaded,
    )


def pictures(lab: ImageLab) -> wb.KeptRun | None:
    """The run of the image lab as one to keep; None where there is none, or where it has not ended yet."""
    return kept_report(lab.report)


def kept_report(report: wb.Report | None, varied: Sequence[str] = ()) -> wb.KeptRun | None:
    """A run on pictures as one to keep, with these settings `varied` in a sweep.

    None where there is none, or where it has not ended yet.
    """
    if report is None or not report.finished or not report.job.train or not report.rows:
        return None
    columns = ("train_loss", "test_loss", "test_accuracy", "seconds")
    recorded = {name: [row[name] for row in report.rows] for name in columns}
    return wb.KeptRun.of(
        suggested_name(report.job.config, varied),
        report.job.config,
        {name: recorded[name] for name in columns[:3]},
        seconds=sum(recorded["seconds"]),
        device=report.device,
        outcome="exploded" if report.diverged_at is not None else "done" if report.state == "done" else "stopped",
        loaded=report.job.weights is not None,
        predictions=_answers(report),
    )


def _answers(report: wb.Report) -> wb.StoredPredictions | None:
    """What the model answered in the last test of the run; None where that test is not there or gave no numbers."""
    evaluation = report.evaluation
    if evaluation is None or evaluation.accuracy != report.rows[-1]["test_accuracy"]:
        return None
    return wb.StoredPredictions.of(evaluation.logits)


def draw(run: wb.KeptRun | None) -> None:
    """Draw the button that keeps this run, and the link with the number of kept runs."""
    tray = state.of(Tray)
    kept = run is not None and tray.holds(run)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="keep"):
        st.button(
            _("Saved") if kept else _("Save this run"),
            icon=":material/bookmark_added:" if kept else ":material/bookmark_add:",
            help=_("Save this run to the tray to compare it with others."),
            disabled=run is None or kept,
            on_click=_keep,
            args=(tray, run),
            key="keep-button",
        )
        label = _("Compare {count}/{most}").format(count=len(tray.entries), most=wb.MOST_KEPT)
        st.page_link("compare.py", label=label, icon=":material/stacked_line_chart:")


def _keep(tray: Tray, run: wb.KeptRun) -> None:
    try:
        tray.keep(run)
    except wb.TrayError as error:
        st.toast(explain(error), icon=":material/inbox:", duration="long")

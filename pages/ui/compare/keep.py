"""The button that keeps the run on show, and the way to where it is compared."""

import dataclasses
from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..labs.images.lab import ImageLab
from ..labs.line.lab import LinearLab
from ..sentences import explain
from ..session import state
from .tray import Tray
from .words import suggested

MOST_EPOCHS = 1_000_000  # that a config can ask for; a run that was continued may have had more


def line(lab: LinearLab) -> wb.KeptRun | None:
    """The run of the linear-regression lab as one to keep; None where nothing was trained."""
    return trained_line(lab.run, loaded=lab.loaded)


def trained_line(run: wb.LinearRun, *, loaded: bool = False, varied: Sequence[str] = ()) -> wb.KeptRun | None:
    """A run of a line as one to keep; `loaded` from a checkpoint, or with these settings `varied` in a sweep.

    None where nothing was trained.
    """
    if not run.epoch:
        return None
    config = dataclasses.replace(run.config, epochs=min(run.epochs, MOST_EPOCHS))
    return wb.KeptRun.of(
        suggested(config, varied),
        config,
        {name: run.history.column(name) for name in ("train_loss", "test_loss")},
        seconds=run.seconds,
        device=str(run.device),
        outcome="exploded" if run.diverged_at is not None else "done" if run.done else "stopped",
        loaded=loaded,
    )


def pictures(lab: ImageLab) -> wb.KeptRun | None:
    """The run of the image lab as one to keep; None where there is none, or where it has not ended yet."""
    return reported(lab.report)


def reported(report: wb.Report | None, varied: Sequence[str] = ()) -> wb.KeptRun | None:
    """A run on pictures as one to keep, with these settings `varied` in a sweep.

    None where there is none, or where it has not ended yet.
    """
    if report is None or not report.finished or not report.job.train or not report.rows:
        return None
    columns = ("train_loss", "test_loss", "test_accuracy", "seconds")
    recorded = {name: [row[name] for row in report.rows] for name in columns}
    return wb.KeptRun.of(
        suggested(report.job.config, varied),
        report.job.config,
        {name: recorded[name] for name in columns[:3]},
        seconds=sum(recorded["seconds"]),
        device=report.device,
        outcome="exploded" if report.diverged_at is not None else "done" if report.state == "done" else "stopped",
        loaded=report.job.weights is not None,
        answers=_answers(report),
    )


def _answers(report: wb.Report) -> wb.KeptAnswers | None:
    """What the model answered in the last test of the run; None where that test is not there or gave no numbers."""
    exam = report.exam
    if exam is None or exam.accuracy != report.rows[-1]["test_accuracy"]:
        return None
    return wb.KeptAnswers.of(exam.logits)


def draw(run: wb.KeptRun | None) -> None:
    """Draw the button for this run, and the link that says how many are kept."""
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

"""The training as it goes: how far it is, the charts, and a line for every epoch."""

from html import escape

import streamlit as st

import wb_core as wb

from ...figures import palette
from ...i18n import _
from ...player import Readout
from . import bars, charts, pixels, verdict
from .lab import ImageLab

TICK = 0.22
"""Seconds between two looks at a job that is under way."""

MOST_ROWS = 5
"""So many epochs are seen at once in the table."""


def draw(lab: ImageLab, config: wb.ImageConfig) -> None:
    """Draw the run on show; while it is under way, this part of the page looks again and again by itself."""
    if lab.busy:
        _live(lab)
        return
    with st.container():  # as a fragment has one: the charts stay where they are when a training begins or ends
        if lab.report is not None:
            _charts(lab.report, lab.token)
        with st.container(key="status"):
            verdict.draw(lab, config)
        if lab.report is not None and lab.report.rows:
            st.html(_epochs(lab.report))


@st.fragment(run_every=TICK)
def _live(lab: ImageLab) -> None:
    lab.look()
    if lab.report is None or not lab.busy:
        st.rerun()  # all of the page: there is a model to look at now
    _charts(lab.report, lab.token)
    with st.container(key="status"):
        st.html(bars.html(lab.report))
    st.html(_epochs(lab.report))


def _charts(report: wb.Report, token: str) -> None:
    charts.play_report(report, _readouts(), token=token, key="images.player")


def _readouts() -> tuple[Readout, ...]:
    return (
        Readout(
            _("Train loss, last batches"),
            _("How wrong the model was on the latest batches, just as it trained on them."),
            "train_loss",
            palette.TRAIN,
        ),
        Readout(
            _("Test loss"),
            _("How wrong the model is on pictures it has never seen: the mean over the batches, after each epoch."),
            "test_loss",
            palette.TEST,
        ),
        Readout(
            _("Test accuracy (%)"),
            _("The mean over the batches, as in the course. The last batch counts the same, even if it's smaller."),
            "test_accuracy",
            palette.TEST,
        ),
        Readout(
            _("Epochs done"),
            _("How many times the model has gone through all the pictures."),
            "done",
            palette.NEUTRAL,
            digits=0,
        ),
    )


def _epochs(report: wb.Report) -> str:
    """A line for each epoch, as the notes print it."""
    rows = [
        [
            str(epoch),
            f"{row['train_loss']:.5f}",
            f"{row['test_loss']:.5f}",
            f"{row['test_accuracy']:.2f} %",
            f"{row['seconds']:.2f} s",
        ]
        for epoch, row in enumerate(report.rows, start=1)
    ]
    heads = [_("Epoch"), _("Train loss"), _("Test loss"), _("Test accuracy"), _("Time")]
    room = min(report.job.config.epochs, MOST_ROWS) + 1  # for all that will come, so that nothing below it moves
    label = escape(_("The losses of each epoch"))
    return (
        f'<div class="wb-room" style="--rows:{room}" role="region" tabindex="0" aria-label="{label}">'
        f"{pixels.table(heads, rows, css='wb-epochs')}</div>"
    )

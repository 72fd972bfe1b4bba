"""The displayed training: player, progress, and a table of epochs."""

from collections.abc import Sequence
from html import escape

import streamlit as st

import wb_core as wb

from ...figures import palette
from ...figures.images import image_charts, image_recording
from ...i18n import _, language, translator
from ...player import Counter, Readout, play
from ...widgets.fields import torch_name
from . import pixels, question, verdict
from .lab import ImageLab

TICK = 0.22
"""Seconds between two polls of a running job."""

MAX_ROWS = 5
"""The number of epochs that the table shows without scrolling."""


def draw(lab: ImageLab, config: wb.ImageConfig) -> None:
    """Draw the displayed run; while it is running, a fragment polls it."""
    if lab.busy:
        _live(lab, config)
        return
    with st.container():  # like that of a fragment, so that the charts stay in place when a training starts or ends
        question.draw(lab, config)
        with st.container(key="status"):
            remark = verdict.draw(lab, config)
        if lab.report is None:
            return
        _charts(lab.report, lab.token)
        if lab.report.rows:
            st.html(_epochs(lab.report))
        if remark:
            st.caption(remark)


@st.fragment(run_every=TICK)
def _live(lab: ImageLab, config: wb.ImageConfig) -> None:
    lab.look()
    if lab.report is None or not lab.busy:
        st.rerun()  # the whole page, because its panels can now show the model
    question.draw(lab, config)
    with st.container(key="status"):
        st.html(progress_html(lab.report))
    _charts(lab.report, lab.token)
    st.html(_epochs(lab.report))


def _charts(report: wb.Report, token: str) -> None:
    play_report(report, _readouts(), token=token, key="images.player")


def _readouts() -> tuple[Readout, ...]:
    return (
        Readout(
            _("Test accuracy (%)"),
            _("The percent of all test pictures that the model gets right, after each epoch."),
            "test_accuracy",
            palette.TEST,
        ),
        Readout(
            _("Test loss"),
            _("How wrong the model is on pictures it has never seen: the mean over the batches, after each epoch."),
            "test_loss",
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
    """The table of epochs as HTML."""
    rows = [
        [
            str(epoch),
            f"{row['train_loss']:.5f}",
            f"{row['test_loss']:.5f}",
            f"{row['test_accuracy']:.2f}%",
            _("{seconds} s").format(seconds=f"{row['seconds']:.2f}"),
        ]
        for epoch, row in enumerate(report.rows, start=1)
    ]
    heads = [_("Epochs done"), _("Train loss (mean while it learned)"), _("Test loss"), _("Test accuracy"), _("Time")]
    room = min(report.job.config.epochs, MAX_ROWS) + 1  # reserve space for all epochs, so that nothing below moves
    label = escape(_("The losses of each epoch"))
    return (
        f'<div class="wb-room" style="--rows:{room}" role="region" tabindex="0" aria-label="{label}">'
        f"{pixels.table(heads, rows, css='wb-epochs')}</div>"
    )


def play_report(report: wb.Report, readouts: Sequence[Readout], *, token: str, key: str) -> None:
    """Draw the player with losses and test accuracy over the images seen; it grows with the job's reports."""
    recording = image_recording(report)
    play(
        recording,
        image_charts(recording, torch_name(report.job.config, "loss"), translator(language())),
        readouts,
        token=token,
        show="end",
        revision=len(report.batch_losses) + len(report.rows) + (report.evaluation is not None),
        counter=Counter(
            "seen",
            "done",
            _("Pictures seen"),
            _("How many pictures the model has seen so far. Every epoch goes through all of them again."),
        ),
        key=key,
    )


def progress_html(report: wb.Report) -> str:
    """The progress bars of an unfinished job as HTML, and a note if it was restarted.

    Plain HTML, because Streamlit's bars cost the browser ten times as much, several times a second.
    """
    happened = f"<p>{escape(verdict.begun_again())}</p>" if report.tries > 1 else ""
    return "".join(_bar(part, text) for part, text in progress(report)) + happened


def progress(report: wb.Report) -> list[tuple[float, str]]:
    """The fraction, from 0 to 1, and the label of each bar."""
    config, done = report.job.config, len(report.rows)
    if report.state == "queued" and not report.place:
        place = _("Waiting for a free slot in the cluster.")
        return [(0.0, place), (0.0, _("It starts by itself as soon as there is one."))]
    if report.state == "queued":
        place = _("Other visitors are training. Your place in the queue: {place}").format(place=report.place)
        return [(0.0, place), (0.0, _("It starts by itself when it's your turn."))]
    if report.state == "starting" or not report.batches:
        return [(0.0, _("Getting the pictures ready")), (0.0, _("It starts right away."))]
    if not report.job.train:
        return [(0.5, _("Testing the model"))]
    testing = report.batch in (0, report.batches) and len(report.batch_losses) > done * report.batches
    seen = report.samples if testing else report.seen
    looked = _("Looked at {seen} of {samples} pictures").format(seen=f"{seen:,}", samples=f"{report.samples:,}")
    epochs = _("Epochs done: {done} of {epochs}").format(done=done, epochs=config.epochs)
    return [
        (seen / report.samples, _("Testing the model") if testing else looked),
        (min(1.0, len(report.batch_losses) / (report.batches * config.epochs)), epochs + _pace(report)),
    ]


def _pace(report: wb.Report) -> str:
    """The speed and the remaining time, once they can be estimated."""
    if report.seconds < 0.3:
        return ""
    learned = len(report.batch_losses)
    left = report.seconds / learned * (report.batches * report.job.config.epochs - learned)
    return " · " + _("{speed} pictures per second · about {left} s left").format(
        speed=f"{learned * report.samples / report.batches / report.seconds:,.0f}", left=f"{left:.0f}"
    )


def _bar(part: float, text: str) -> str:
    said, percent = escape(text), f"{100 * part:.0f}"
    return (
        f'<div class="wb-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}" '
        f'aria-label="{said}"><span>{said}</span><i style="--part:{part:.4f}"></i></div>'
    )

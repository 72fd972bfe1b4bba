"""A sweep of pictures: how far it is, what is shown of its runs, and the chosen one."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

import wb_core as wb

from ..compare import keep
from ..figures.sweep import Grid
from ..i18n import N_, _
from ..labs.images.bars import begun_again
from ..labs.images.charts import play_report
from ..sentences import explain
from .choosing import ways_on
from .image_lab import ImageSweepLab
from .results import UNENDED, Results

TICK = 1.0
"""Seconds between two looks at a sweep that is under way."""


def draw(lab: ImageSweepLab, *, stale: bool) -> None:
    """Draw the sweep on show; while it is under way, this part of the page looks again and again by itself."""
    if lab.busy:
        _live(lab, stale)
        return
    with st.container():  # as a fragment has one: what is below stays where it is when the sweep ends
        _draw(lab, stale)


@st.fragment(run_every=TICK)
def _live(lab: ImageSweepLab, stale: bool) -> None:
    lab.look()
    if not lab.busy:
        st.rerun()  # all of the page: the controls and the picture are at rest again
    _draw(lab, stale)


def _draw(lab: ImageSweepLab, stale: bool) -> None:
    """Draw how far it is, also when it has ended, so that nothing moves; then what has come of it."""
    assert lab.work is not None  # noqa: S101
    with st.container(horizontal=True, vertical_alignment="center", key="sweep-progress"):
        ended = int((~lab.frame().outcome.isin(UNENDED)).sum())
        said = _("{ended} of {all} runs finished").format(ended=f"{ended:,}", all=f"{len(lab.work):,}")
        st.progress(lab.work.progress, text=said)
        st.button(
            _("Stop"),
            icon=":material/stop:",
            key="sweep.stop",
            help=_("Stop the runs in progress and start no more. Results so far are kept."),
            on_click=lab.stop,
            disabled=not lab.busy,
        )
    again = sum(report is not None and report.tries > 1 for report in lab.work.reports)
    if again:
        st.info(
            _("Runs restarted because a computer in the cluster was lost: {count}. None is counted twice.").format(
                count=f"{again:,}"
            ),
            icon=":material/restart_alt:",
        )
    RESULTS.draw(lab, stale=stale)


def no_limit(lab: ImageSweepLab, grid: Grid) -> Sequence[float | None]:
    """Nobody knows where the learning rate becomes too large for these models."""
    return ()


def chosen(lab: ImageSweepLab) -> None:
    """The curves of the chosen run, what became of it, and the ways to keep it and into its lab."""
    report = lab.report
    if lab.chosen is None or lab.work is None:
        st.info(_("Click a cell to see its run's losses and outcome here."), icon=":material/touch_app:")
        return
    config = lab.work.config(lab.chosen)
    if report is not None and len(report.batch_losses):
        play_report(report, (), token=f"sweep {lab.number} {lab.chosen}", key="sweep.player")
    st.markdown(_became(report))
    if report is not None and report.tries > 1:
        st.markdown(begun_again())
    ways_on(lab, config, keep.reported(report, lab.varied), ":material/image:")


def _became(report: wb.Report | None) -> str:
    """What became of a run, in a sentence or two."""
    if report is None or report.state == "queued":
        return _("This run is waiting for its turn.")
    if report.error is not None:
        return explain(report.error)
    if report.diverged_at is not None:
        return _("**Exploded** in epoch {epoch}. The steps were too big, so the loss grew until it overflowed.").format(
            epoch=report.diverged_at + 1
        )
    if not report.rows:
        return (
            _("Canceled before the first epoch was done.") if report.finished else _("This run is in its first epoch.")
        )
    values: dict[str, Any] = {
        "epochs": f"{len(report.rows):,}",
        "loss": f"{report.rows[-1]['test_loss']:.4f}",
        "accuracy": f"{report.rows[-1]['test_accuracy']:.2f}",
        "seconds": f"{sum(row['seconds'] for row in report.rows):.1f}",
        "device": report.device,
    }
    return _(
        "Epochs done: {epochs}. Test loss **{loss}**, test accuracy **{accuracy} %**. "
        "Train time on {device}: {seconds} s."
    ).format(**values)


RESULTS = Results(
    kind=wb.ImageConfig,
    measures={
        "final_test_accuracy": (N_("Final test accuracy"), True),
        "best_test_accuracy": (N_("Best test accuracy"), True),
        "final_test_loss": (N_("Final test loss"), False),
    },
    became="outcome",
    columns={
        "epochs_done": N_("Epochs done"),
        "final_train_loss": N_("Final train loss"),
        "final_test_loss": N_("Final test loss"),
        "final_test_accuracy": N_("Final test accuracy"),
        "best_test_loss": N_("Best test loss"),
        "best_test_accuracy": N_("Best test accuracy"),
        "best_epoch": N_("Best epoch"),
        "seconds": N_("Seconds"),
        "outcome": N_("Outcome"),
    },
    settings=("dataset", "model", "hidden_units", "batch_size", "lr", "epochs", "optimizer", "momentum", "seed"),
    limit=no_limit,
    chosen=chosen,
)

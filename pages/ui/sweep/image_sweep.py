"""A sweep of pictures: its controls, its progress, its results and the selected run."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.kinds.images.data import SIZES

from ..compare import keep
from ..figures.sweep import Grid
from ..i18n import N_, _
from ..labs.images.charts import play_report
from ..labs.images.verdict import begun_again
from ..sentences import explain
from .controls import Controls, arithmetic
from .image_lab import ImageSweepLab
from .results import INCOMPLETE, Results
from .selection import run_actions
from .view import ImageSweepView

TICK = 1.0
"""Seconds between two polls of a running sweep."""


def controls(lab: ImageSweepLab) -> Controls:
    """The controls of a sweep of pictures."""
    fixed = ("dataset", "model", "hidden_units", "batch_size", "lr", "epochs", "optimizer", "momentum", "seed")
    return Controls(ImageSweepView, fixed, 4, _amount, lab.begin)


def _amount(axes: wb.Axes) -> str:
    epochs = axes.values.get("epochs", (axes.config.epochs,))
    seen = len(axes) // len(epochs) * sum(epochs) * SIZES[axes.config.dataset][0]
    return _("{arithmetic}**{runs} runs**, {pictures} pictures in total.").format(
        arithmetic=arithmetic(axes), runs=f"{len(axes):,}", pictures=f"{seen:,}"
    )


def draw(lab: ImageSweepLab, *, stale: bool) -> None:
    """Draw the displayed sweep; while it runs, this fragment polls it."""
    if lab.busy:
        _live(lab, stale)
        return
    with st.container():  # as a fragment has one, so that nothing moves when the sweep ends
        _draw(lab, stale)


@st.fragment(run_every=TICK)
def _live(lab: ImageSweepLab, stale: bool) -> None:
    lab.look()
    if not lab.busy:
        st.rerun()  # the whole page: the controls depend on `busy`, too
    _draw(lab, stale)


def _draw(lab: ImageSweepLab, stale: bool) -> None:
    """Draw the progress, also after the end, so that nothing moves; then the results."""
    assert lab.work is not None  # noqa: S101
    with st.container(horizontal=True, vertical_alignment="center", key="sweep-progress"):
        ended = int((~lab.frame().outcome.isin(INCOMPLETE)).sum())
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


def no_limits(lab: ImageSweepLab, grid: Grid) -> Sequence[float | None]:
    """No limit of the learning rate is known for these models."""
    return ()


def chosen(lab: ImageSweepLab) -> None:
    """Draw the curves of the selected run, its outcome, and the buttons that keep it and open it in its lab."""
    report = lab.report
    if lab.chosen is None or lab.work is None:
        st.info(_("Click a cell to see its run's losses and outcome here."), icon=":material/touch_app:")
        return
    config = lab.work.config(lab.chosen)
    if report is not None and len(report.batch_losses):
        play_report(report, (), token=f"sweep {lab.number} {lab.chosen}", key="sweep.player")
    st.markdown(_outcome(report))
    if report is not None and report.tries > 1:
        st.markdown(begun_again())
    run_actions(lab, config, keep.kept_report(report, lab.varied), ":material/image:")


def _outcome(report: wb.Report | None) -> str:
    """The outcome of a run, in a sentence or two."""
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
        "Training time on {device}: {seconds} s."
    ).format(**values)


RESULTS = Results(
    kind=wb.ImageConfig,
    measures={
        "final_test_accuracy": (N_("Final test accuracy"), True),
        "best_test_accuracy": (N_("Best test accuracy"), True),
        "final_test_loss": (N_("Final test loss"), False),
    },
    outcome_column="outcome",
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
    limits=no_limits,
    chosen=chosen,
)

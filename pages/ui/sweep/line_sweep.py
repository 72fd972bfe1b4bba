"""A sweep of lines: its controls, its training, its results and the selected run."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.sweeps import LimitsOf

from .. import training
from ..compare import keep
from ..figures.linear import fit_chart, linear_recording
from ..figures.loss import loss_chart
from ..figures.sweep import Grid
from ..i18n import N_, _, language, translator
from ..labs.line import verdict
from ..player import play
from ..widgets.fields import torch_name
from .controls import Controls, arithmetic
from .lab import LineSweepLab
from .results import Results
from .selection import run_actions
from .view import SweepView


def controls(lab: LineSweepLab) -> Controls:
    """The controls of a sweep of lines."""
    fixed = ("loss", "optimizer", "epochs", "noise", "model", "lr")
    return Controls(SweepView, fixed, 41, _amount, lab.begin)


def _amount(axes: wb.Axes) -> str:
    runs = f"{len(axes):,}"
    if "epochs" in axes.values:
        return _("{arithmetic}**{runs} runs**.").format(arithmetic=arithmetic(axes), runs=runs)
    return _("{arithmetic}**{runs} runs** of {epochs} epochs each.").format(
        arithmetic=arithmetic(axes), runs=runs, epochs=f"{axes.config.epochs:,}"
    )


def draw(lab: LineSweepLab, *, stale: bool) -> None:
    """Draw the displayed sweep; one that was stopped can be continued."""
    if lab.stopped:
        st.button(_("Continue"), icon=":material/play_arrow:", key="sweep.resume", on_click=lab.resume)
    RESULTS.draw(lab, stale=stale)


def limits(lab: LineSweepLab, grid: Grid) -> Sequence[float | None]:
    """The learning rate above which the steps of MSE grow, for each value of the other axis.

    None where there is no such limit.
    """
    assert lab.work is not None  # noqa: S101
    others = [axis for axis in grid.axes if axis.name != "lr"]
    if len(others) == len(grid.axes):
        return ()
    base = lab.work.axes.config
    configs = [base] if not others else [replace(base, **{others[0].name: value}) for value in others[0].values]
    limit_of = LimitsOf()  # it caches by points, which a hundred momenta share
    found = [limit_of(config).lr(config) if config.loss == "mse" else None for config in configs]
    return [lr if lr is not None and math.isfinite(lr) else None for lr in found]


def chosen(lab: LineSweepLab) -> None:
    """Draw the curves of the selected run, its outcome, and the buttons that keep it and open it in its lab."""
    assert lab.work is not None  # noqa: S101
    if lab.chosen is not None and not lab.work.result.diagnoses[lab.chosen]:
        st.info(_("This run wasn't trained: the sweep was stopped before it."), icon=":material/stop:")
        return
    run = lab.run
    if run is None:
        st.info(
            _("Click a cell to see its run's losses, line and outcome here."),
            icon=":material/touch_app:",
        )
        return
    recording, say = linear_recording(run), translator(language())
    charts = (loss_chart(recording, torch_name(run.config, "loss"), say), fit_chart(recording, say))
    play(recording, charts, (), token=f"sweep {lab.number} {lab.chosen}", show="end", key="sweep.player")
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)
    st.markdown(" ".join(verdict.sentences(run, diagnosis)))
    run_actions(lab, run.config, keep.kept_line(run, varied=lab.varied), ":material/show_chart:")


RESULTS = Results(
    kind=wb.LinearConfig,
    measures={"final_test_loss": (N_("Final test loss"), False), "best_test_loss": (N_("Best test loss"), False)},
    outcome_column="diagnosis",
    columns={
        "final_train_loss": N_("Final train loss"),
        "final_test_loss": N_("Final test loss"),
        "best_train_loss": N_("Best train loss"),
        "best_test_loss": N_("Best test loss"),
        "best_epoch": N_("Best epoch"),
        "learned_weight": N_("Model's weight"),
        "learned_bias": N_("Model's bias"),
        "diverged_at": N_("Diverged at epoch"),
        "diagnosis": N_("Diagnosis"),
    },
    settings=("loss", "optimizer", "lr", "momentum", "epochs", "model", "noise", "seed"),
    limits=limits,
    chosen=chosen,
)


SHOW_AFTER = 0.4
"""Seconds after which a sweep shows its progress."""


def train(lab: LineSweepLab, place: Any) -> None:
    """Train the sweep to its end inside this script run; `place` is an `st.empty()` for the progress bar.

    If the visitor interacts meanwhile, this script run stops, and the next one continues.
    """
    turn, bar, began = lab.take_turn(), None, time.monotonic()
    while lab.busy:
        with training.training_slot():
            mine = lab.advance(turn, training.SLICE)
        if not mine:
            st.stop()
        if lab.work is None or time.monotonic() - began < SHOW_AFTER:
            continue
        if bar is None:
            row = place.container(horizontal=True, vertical_alignment="center", key="sweep-progress")
            bar = row.progress(0.0)
            row.button(_("Stop"), key="sweep.stop", on_click=lab.stop, icon=":material/stop:")
        bar.progress(
            min(1.0, lab.work.progress),
            text=_("{done} of {all} epochs (all runs)").format(done=f"{lab.work.epochs:,}", all=f"{lab.work.steps:,}"),
        )

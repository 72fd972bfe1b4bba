"""A sweep of lines: what is shown of its runs, and the chosen one."""

import math
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

import wb_core as wb
from wb_core.sweeps import LimitsOf

from ..compare import keep
from ..figures.fit import fit_chart
from ..figures.linear import linear_recording
from ..figures.loss import loss_chart
from ..figures.sweep import Grid
from ..i18n import N_, _, language, translator
from ..labs.line import verdict
from ..labs.line.controls import loss_name
from ..player import play
from .choosing import ways_on
from .lab import SweepLab
from .results import Results


def draw(lab: SweepLab, *, stale: bool) -> None:
    """Draw the sweep on show; one that was stopped can be gone on with."""
    if lab.stopped:
        st.button(_("Continue"), icon=":material/play_arrow:", key="sweep.resume", on_click=lab.resume)
    RESULTS.draw(lab, stale=stale)


def limit(lab: SweepLab, grid: Grid) -> Sequence[float | None]:
    """The learning rate from which on steps grow with MSE, for each value of the axis that is not the learning rate.

    None where there is no such limit.
    """
    assert lab.work is not None  # noqa: S101
    others = [axis for axis in grid.axes if axis.name != "lr"]
    if len(others) == len(grid.axes):
        return ()
    base = lab.work.axes.config
    configs = [base] if not others else [replace(base, **{others[0].name: value}) for value in others[0].values]
    limits = LimitsOf()  # of a hundred momenta, the points are the same
    found = [limits(config).lr(config) if config.loss == "mse" else None for config in configs]
    return [lr if lr is not None and math.isfinite(lr) else None for lr in found]


def chosen(lab: SweepLab) -> None:
    """The curves of the chosen run, what became of it, and the ways to keep it and into its lab."""
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
    charts = (loss_chart(recording, loss_name(run.config), say), fit_chart(recording, say))
    play(recording, charts, (), token=f"sweep {lab.number} {lab.chosen}", show="end", key="sweep.player")
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)
    st.markdown(" ".join(verdict.sentences(run, diagnosis)))
    ways_on(lab, run.config, keep.trained_line(run, varied=lab.varied), ":material/show_chart:")


RESULTS = Results(
    kind=wb.LinearConfig,
    measures={"final_test_loss": (N_("Final test loss"), False), "best_test_loss": (N_("Best test loss"), False)},
    became="diagnosis",
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
    limit=limit,
    chosen=chosen,
)

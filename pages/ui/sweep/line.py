"""Sweeps of lines: controls, results and the selected run."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.kinds.line.batching import LineJudge

from ..compare import keep
from ..figures.linear import fit_chart, linear_recording
from ..figures.loss import loss_chart
from ..figures.sweep import Grid
from ..i18n import N_, _, language, translator
from ..labs.line.diagnosis_sentences import sentences
from ..labs.line.lab import LinearLab
from ..player import play
from ..session import state
from ..widgets.fields import torch_name
from .controls import Controls
from .kind import SweepKind
from .lab import SweepLab
from .presets import Preset
from .results import Results
from .selection import run_actions, selected
from .view import NOTHING, full_range, sweep_view


def limits(lab: SweepLab, grid: Grid) -> Sequence[float | None]:
    """The learning rate above which MSE's steps grow, for each value of the other axis; None without such a limit."""
    assert lab.axes is not None  # noqa: S101
    others = [axis for axis in grid.axes if axis.name != "lr"]
    if len(others) == len(grid.axes):
        return ()
    base = lab.axes.config
    configs = [base] if not others else [replace(base, **{others[0].name: value}) for value in others[0].values]
    judge = LineJudge()  # caches by data, which runs that differ only in momentum share
    found = [judge.limits(config).lr(config) if config.loss == "mse" else None for config in configs]
    return [lr if lr is not None and math.isfinite(lr) else None for lr in found]


def chosen(lab: SweepLab) -> None:
    """Draw the selected run: curves, outcome, and the buttons that keep it and open it in its lab."""
    run = selected(lab, _("Pick a cell to see its run's losses, line and outcome here."))
    if run is None:
        return
    recording, say = linear_recording(run), translator(language())
    charts = (loss_chart(recording, torch_name(run.config, "loss"), say), fit_chart(recording, say))
    play(recording, charts, (), token=f"sweep {lab.number} {lab.chosen}", show="end", key="sweep.player")
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at, advise=False)
    with st.container(key="sweep-run"):
        st.markdown(" ".join(sentences(run, diagnosis)))
        run_actions(lab, run.config, keep.kept(wb.record_of(run), varied=lab.varied), ":material/show_chart:")


def open_run(lab: SweepLab, config: Any) -> None:
    """Display the selected run in the linear-regression lab."""
    state.of(LinearLab).train(config, show="end")


VIEW = sweep_view(wb.LinearConfig, full_range("lr", 24), full_range("momentum", 12), most_seeds=50)

PRESETS = {
    N_("Momentum"): Preset(VIEW()),
    N_("Noise"): Preset(VIEW(**full_range("noise", 12).fields("y"))),
    N_("20 seeds"): Preset(VIEW(y=NOTHING, seeds=20)),
}

CONTROLS = Controls(VIEW, ("loss", "optimizer", "epochs", "noise", "model", "lr"), 41, PRESETS)

RESULTS = Results(
    kind=wb.LinearConfig,
    outcome_column="diagnosis",
    settings=("loss", "optimizer", "lr", "momentum", "epochs", "model", "noise", "seed"),
    limits=limits,
    chosen=chosen,
)

SWEEP = SweepKind(
    sentence=N_("Which settings work? Each cell is a training: pick one to open it."),
    empty=N_("Nothing trained yet. Press “Run the sweep”: it trains every combination of the two axes."),
    controls=CONTROLS,
    results=RESULTS,
    open_run=open_run,
)

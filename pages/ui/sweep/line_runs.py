"""A sweep of lines: what is shown of its runs, and the chosen one."""

import math

import streamlit as st

import wb_core as wb

from .. import doctor
from ..compare import keep
from ..figures.fit import fit_chart
from ..figures.linear import linear_recording
from ..figures.loss import loss_chart
from ..figures.sweep import Grid
from ..i18n import N_, _, language, translator
from ..linear_controls import loss_name
from ..player import play
from .lab import SweepLab
from .results import Results


def limit(lab: SweepLab, grid: Grid) -> dict[str, float]:
    """Where the learning rate becomes too large for MSE, if it is an axis and nothing else moves that limit."""
    assert lab.work is not None  # noqa: S101
    config, names = lab.work.axes.config, [axis.name for axis in grid.axes]
    if "lr" not in names or config.loss != "mse" or config.optimizer != "sgd":
        return {}
    if set(names) & {"loss", "optimizer", "momentum", "train_fraction"}:
        return {}
    found = wb.limits_of(wb.Run(config).data, "mse").lr(config)
    return {} if found is None or not math.isfinite(found) else {"lr": found}


def chosen(lab: SweepLab) -> None:
    """The curves of the chosen run, what became of it, and the ways to keep it and into its lab."""
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
    keep.draw(keep.trained_line(run))


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
        "learned_weight": N_("Learned weight"),
        "learned_bias": N_("Learned bias"),
        "diverged_at": N_("Diverged at epoch"),
        "diagnosis": N_("Diagnosis"),
    },
    limit=limit,
    chosen=chosen,
)

"""Sweeps of image models: controls, results and the selected run."""

import functools
import math
import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.base.cores import usable_cores
from wb_core.kinds.images.data import SIZES

from ..compare import keep
from ..figures.sweep import Grid
from ..i18n import N_, _
from ..labs.images import download
from ..labs.images.charts import play_report
from ..labs.images.lab import ImageLab
from ..labs.images.verdict import begun_again
from ..sentences import explain
from ..session import state
from .amount import arithmetic
from .controls import Controls
from .kind import SweepKind
from .lab import SweepLab
from .presets import Preset
from .results import Results
from .selection import run_actions
from .view import NOTHING, AxisRange, sweep_view


def _amount(axes: wb.Axes) -> str:
    epochs = axes.values.get("epochs", (axes.config.epochs,))
    seen = len(axes) // len(epochs) * sum(epochs) * SIZES[axes.config.dataset][0]
    return _("{arithmetic}**{runs} runs**, {pictures} pictures in total.").format(
        arithmetic=arithmetic(axes), runs=f"{len(axes):,}", pictures=f"{seen:,}"
    )


def _seconds(axes: wb.Axes) -> str:
    """How long a sweep takes on this server, by the measured speed of its models."""
    seconds = 0.0
    for run in range(len(axes)):
        config = axes.config_of(run)
        batches = math.ceil(SIZES[config.dataset][0] / config.batch_size)
        seconds += START + config.epochs * batches * _seconds_per_batch(config.model, config.hidden_units)
    return _("On this server, it takes about {seconds} s.").format(seconds=f"{seconds / usable_cores():.0f}")


START = 0.1
"""Seconds that a job takes before its first batch."""


@functools.lru_cache(64)
def _seconds_per_batch(model: str, hidden_units: int) -> float:
    """The time of a training step on 32 pictures: the least of several, as others may use the machine, too."""
    run = wb.ImageRun(wb.ImageConfig(model=model, hidden_units=hidden_units))

    def step() -> float:
        began = time.perf_counter()
        run.advance(batches=1)
        return time.perf_counter() - began

    return min(step() for _ in range(6))


def no_limits(lab: SweepLab, grid: Grid) -> Sequence[float | None]:
    """No limits: the learning-rate limit of these models is unknown."""
    return ()


def chosen(lab: SweepLab) -> None:
    """Draw the selected run: curves, outcome, and the buttons that keep it and open it in its lab."""
    report = lab.selected
    if lab.chosen is None or lab.axes is None:
        st.info(_("Pick a cell to see its run's losses and outcome here."), icon=":material/touch_app:")
        return
    config = lab.axes.config_of(lab.chosen)
    if report is not None and len(report.batch_losses):
        play_report(report, (), token=f"sweep {lab.number} {lab.chosen}", key="sweep.player")
    with st.container(key="sweep-run"):
        st.markdown(_outcome(report))
        if report is not None and report.tries > 1:
            st.markdown(begun_again())
        run_actions(lab, config, None if report is None else keep.kept(report, varied=lab.varied), ":material/image:")


def _outcome(report: wb.Report | None) -> str:
    """One or two sentences about the outcome of a run."""
    if report is None or report.state == "queued":
        return _("This run is waiting for its turn.")
    if report.error is not None:
        return explain(report.error)
    if report.diverged_at is not None:
        return _("**Exploded** in epoch {epoch}. The steps were too big, so the loss grew until it overflowed.").format(
            epoch=report.diverged_at
        )
    if not report.rows:
        return (
            _("Stopped before the first epoch was done.") if report.finished else _("This run is in its first epoch.")
        )
    values: dict[str, Any] = {
        "epochs": f"{len(report.rows):,}",
        "loss": f"{report.rows[-1]['test_loss']:.4f}",
        "accuracy": f"{report.rows[-1]['test_accuracy']:.2f}",
        "seconds": f"{sum(row['seconds'] for row in report.rows):.1f}",
        "device": report.device,
    }
    return _(
        "Epochs done: {epochs}. Test loss **{loss}**, test accuracy **{accuracy}%**. "
        "Training time on {device}: {seconds} s."
    ).format(**values)


def open_run(lab: SweepLab, config: Any) -> None:
    """Display the selected run's job in the image lab, if it has ended; a running job belongs to the sweep."""
    if (ticket := lab.ended_job) is not None:
        state.of(ImageLab).show(ticket)


SETTINGS = ("dataset", "model", "hidden_units", "batch_size", "lr", "epochs", "optimizer", "momentum", "seed")

VIEW = sweep_view(
    wb.ImageConfig,
    AxisRange("lr", 0.001, 1, 4, True, wb.ImageConfig),
    AxisRange("hidden_units", 2, 50, 3, True, wb.ImageConfig),
    most_seeds=10,
)

PRESETS = {
    N_("Hidden units"): Preset(VIEW()),
    N_("Model"): Preset(VIEW(**AxisRange("model", config=wb.ImageConfig).fields("y"))),
    N_("5 seeds"): Preset(VIEW(y=NOTHING, seeds=5)),
}

CONTROLS = Controls(VIEW, SETTINGS, 4, PRESETS, _amount, seconds=_seconds)

RESULTS = Results(
    kind=wb.ImageConfig,
    outcome_column="outcome",
    settings=SETTINGS,
    limits=no_limits,
    chosen=chosen,
)

SWEEP = SweepKind(
    sentence=N_("Which settings tell clothes apart best? Each cell is a model, trained on its own."),
    empty=N_("Nothing trained yet. Press **Run the sweep** and watch the map fill."),
    controls=CONTROLS,
    results=RESULTS,
    open_run=open_run,
    missing=lambda config: config.dataset == "fashion_mnist" and not download.there(),
    download=download.draw,
)

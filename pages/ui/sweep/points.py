"""Sweeps of networks on points in the plane: controls, results and the selected run."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

import wb_core as wb

from ..compare import keep
from ..figures.points import points_charts, points_recording
from ..figures.sweep import OUTCOME_LABELS, Grid
from ..i18n import N_, _, language, translator
from ..labs.points.lab import PointsLab
from ..player import play
from ..session import state
from ..widgets.numbers import number
from .controls import Controls
from .kind import SweepKind
from .lab import SweepLab
from .presets import Preset
from .results import Results
from .selection import run_actions, selected
from .view import NOTHING, AxisRange, full_range, sweep_view


def no_limits(lab: SweepLab, grid: Grid) -> Sequence[float | None]:
    """No limits: the learning-rate limit of a network is unknown."""
    return ()


def chosen(lab: SweepLab) -> None:
    """Draw the selected run: curves, outcome, and the buttons that keep it and open it in its lab."""
    run = selected(lab, _("Pick a cell to see its run's losses and outcome here."))
    if run is None:
        return
    recording = points_recording(run)
    charts = points_charts(recording, translator(language()))
    play(recording, charts, (), token=f"sweep {lab.number} {lab.chosen}", show="end", key="sweep.player")
    with st.container(key="sweep-run"):
        st.markdown(_outcome(run, lab.table()["diagnosis"][lab.chosen]))
        run_actions(lab, run.config, keep.kept(wb.record_of(run), varied=lab.varied), ":material/scatter_plot:")


def _outcome(run: wb.PointsRun, label: str) -> str:
    """One or two sentences about the outcome of a run."""
    words = _(OUTCOME_LABELS[label])
    bold = f"**{words[0].upper()}{words[1:]}.**"
    if run.diverged_at is not None or not run.epoch:
        sentence = _("The steps were too big: the numbers overflowed at epoch {epoch}.")
        return f"{bold} {sentence.format(epoch=run.diverged_at)}"
    last = run.history.row(-1)
    sentence = _("{train}% of the training points are right, and {test}% of the test points. Test loss {loss}.")
    accuracies = {name: f"{last[f'{name}_accuracy']:.4g}" for name in ("train", "test")}
    return f"{bold} {sentence.format(**accuracies, loss=number(last['test_loss']))}"


def open_run(lab: SweepLab, config: Any) -> None:
    """Display the selected run in the lab for points."""
    state.of(PointsLab).train(config, show="end")


def _range(name: str, low: float, high: float, steps: int, log: bool = False) -> AxisRange:
    return AxisRange(name, low, high, steps, log, wb.PointsConfig)


VIEW = sweep_view(
    wb.PointsConfig,
    _range("lr", 0.001, 1, 16, True),
    AxisRange("activation", config=wb.PointsConfig),
    most_seeds=20,
)

DECAY = _range("weight_decay", 0.0001, 0.3, 8, True)
FEW_POINTS = {"data": "moons", "points": 300, "train_fraction": 0.1, "hidden": (16, 16), "activation": "tanh"}
FEW_POINTS |= {"optimizer": "adam", "noise": 0.4, "lr": 0.02, "epochs": 300}

PRESETS = {
    N_("Learning rate × activation"): Preset(VIEW()),
    N_("Learning rate × momentum"): Preset(
        VIEW(**full_range("momentum", 8, wb.PointsConfig).fields("y")), {"optimizer": "sgd"}
    ),
    N_("Learning rate × weight decay"): Preset(
        VIEW(
            **_range("lr", 0.001, 0.1, 8, True).fields("x"), **_range("weight_decay", 0.0001, 0.3, 8, True).fields("y")
        ),
        FEW_POINTS,
    ),
    N_("Noise × dropout"): Preset(
        VIEW(**_range("noise", 0, 0.5, 6).fields("x"), **_range("dropout", 0, 0.6, 4).fields("y")),
        FEW_POINTS,
    ),
    N_("20 seeds"): Preset(
        VIEW(y=NOTHING, seeds=20, **_range("lr", 0.001, 1, 10, True).fields("x")),
        {"data": "xor", "points": 200, "noise": 0.0, "hidden": (3,), "optimizer": "adam", "epochs": 200},
    ),
}

DATA = ("data", "classes", "points", "noise", "train_fraction")
NETWORK = ("hidden", "activation", "dropout")
TRAINING = ("optimizer", "momentum", "weight_decay", "batch_size", "lr", "epochs")

CONTROLS = Controls(VIEW, (*DATA, *NETWORK, *TRAINING), 16, PRESETS, before_presets=N_("Try"))

RESULTS = Results(
    kind=wb.PointsConfig,
    outcome_column="diagnosis",
    settings=(*DATA, *NETWORK, *TRAINING, "seed"),
    limits=no_limits,
    chosen=chosen,
)

SWEEP = SweepKind(
    sentence=N_("Which settings tell the points apart? Each cell is a network: pick one to open it."),
    empty=N_("Nothing trained yet. Press “Run the sweep”: it trains every combination of the two axes."),
    controls=CONTROLS,
    results=RESULTS,
    open_run=open_run,
)

"""The branches of a run on points: their curves, and the parameters with which the browser draws their networks."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import wb_core as wb

from . import branches as shared
from .branches import BranchCurve, Traces
from .points import NUMBERS, every
from .recording import Chart, Recording


def with_branches(recording: Recording, run: wb.PointsRun, branches: Sequence[BranchCurve]) -> Recording:
    """The recording of a run with the columns of its branches; see `branches.with_branches`.

    `A_parameters` (rows, P) has the rows of branch A from that of its first epoch on; those before are the run's.
    """
    if not branches:
        return recording
    recording = shared.with_branches(recording, branches, NUMBERS, NUMBERS)
    step = every(run.config, max(run.epochs, run.epoch), 1 + len(branches))
    columns = {**recording.columns, "parameters": run.parameters[::step].numpy()}
    for branch in branches:
        parameters = branch.run.parameters  # type: ignore[attr-defined]
        columns[branch.column("parameters")] = parameters[_row(branch, step) * step :: step].numpy()
        columns[branch.column("last_parameters")] = parameters[-1].numpy()
    return replace(recording, columns=columns)


def networks(run: wb.PointsRun, branches: Sequence[BranchCurve]) -> list[dict[str, Any]]:
    """For each branch, what the browser must know to draw its network: its first row of parameters, and its frames."""
    step = every(run.config, max(run.epochs, run.epoch), 1 + len(branches))
    return [
        {
            "letter": branch.letter,
            "color": branch.style[0],
            "mark": branch.style[3],
            "first": branch.first,
            "row": _row(branch, step),
            "frames": branch.run.epoch,
        }
        for branch in branches
    ]


def _row(branch: BranchCurve, step: int) -> int:
    return math.ceil(branch.first / step)


def charts_with_branches(
    charts: Sequence[Chart], recording: Recording, branches: Sequence[BranchCurve]
) -> tuple[Chart, ...]:
    """The charts of a run with the curves of its branches; `recording` has their columns."""
    if not branches:
        return tuple(charts)

    def traces(chart: str, branch: BranchCurve) -> Traces:
        name, number = {"loss": ("test_loss", "%{y:.6g}"), "accuracy": ("test_accuracy", "%{y:.4g}%")}[chart]
        return shared.over_epochs(branch, name, number)

    def layout(chart: str) -> dict[str, Any]:
        return shared.losses_layout(recording, branches) if chart == "loss" else shared.epochs_layout(recording)

    return shared.charts_with_branches(charts, branches, traces, layout)

"""The branches of a line's run in its three charts."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

import wb_core as wb

from . import branches as shared
from .branches import BranchCurve, Traces, point, strong
from .landscape import landscape_range
from .linear import MODEL_LINE, OWN_LINE, line_columns
from .recording import Binding, Chart, Recording

FOLLOWED = ("test_loss", "weight", "bias")


def with_branches(recording: Recording, run: wb.Run, branches: Sequence[BranchCurve]) -> Recording:
    """The recording of a run with the columns of its branches; see `branches.with_branches`."""
    if not branches:
        return recording
    line = line_columns(recording)
    known = ("train_loss", "test_loss", *dict.fromkeys((*MODEL_LINE, *line)))
    recording = shared.with_branches(recording, branches, known, FOLLOWED)
    columns = dict(recording.columns)
    for name in MODEL_LINE:
        columns[f"path_{name}"] = np.append(columns[f"start_{name}"], columns[name])
    for branch in branches:
        if line == OWN_LINE:
            own = run.data.scale.own_line(*(columns[branch.column(name)] for name in MODEL_LINE))
            columns |= {branch.column(name): values for name, values in zip(OWN_LINE, own, strict=True)}
    ranges = []
    for name in MODEL_LINE:
        path = np.concatenate([columns[f"path_{name}"], *(columns[one.column(name)] for one in branches)])
        ranges.append(landscape_range(path[np.isfinite(path)], float(columns[f"true_{name}"][0])))
    ground = wb.loss_surface(run.data, run.config.loss, *ranges)
    columns |= {
        "grid_weight": ground.weights.numpy(),
        "grid_bias": ground.biases.numpy(),
        "grid_loss": ground.losses.flatten().numpy(),
    }
    return replace(recording, columns=columns)


def charts_with_branches(
    charts: Sequence[Chart], recording: Recording, branches: Sequence[BranchCurve]
) -> tuple[Chart, ...]:
    """The charts of a run with the traces of its branches; `recording` has their columns."""
    if not branches:
        return tuple(charts)
    line = line_columns(recording)

    def traces(chart: str, branch: BranchCurve) -> Traces:
        if chart == "loss":
            return shared.over_epochs(branch, "test_loss", "%{y:.6g}")
        if chart == "fit":
            slope, intercept = (branch.column(name) for name in line)
            return Traces([strong(branch)], [Binding("line", "line_x", slope=slope, intercept=intercept)])
        weight, bias = (branch.column(name) for name in MODEL_LINE)
        return Traces(
            [strong(branch), point(branch)], [Binding("prefix", weight, bias), Binding("point", weight, bias)]
        )

    def layout(chart: str) -> dict[str, object]:
        if chart == "loss":
            return shared.losses_layout(recording, branches)
        if chart == "fit":
            return {}
        axes = {"xaxis": recording.columns["grid_weight"], "yaxis": recording.columns["grid_bias"]}
        return {f"{axis}.range": [float(values[0]), float(values[-1])] for axis, values in axes.items()}

    return shared.charts_with_branches(charts, branches, traces, layout, without_key=["fit"])

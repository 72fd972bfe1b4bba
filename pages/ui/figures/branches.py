"""The branches of a run in its three charts: each with its own colour, dash and mark, in the same frames."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import plotly.graph_objects as go

import wb_core as wb

from .landscape import landscape_range
from .linear import MODEL_LINE, OWN_LINE, line_columns
from .loss import exploded, loss_axis
from .recording import Binding, Chart, Key, Recording, Translate

STYLES = (
    ("#56B4E9", "6px,3px", "triangle-up", "▲"),
    ("#A89A00", "2px,3px", "square", "■"),
    ("#9A6A4F", "10px,3px,2px,3px", "triangle-down", "▼"),
    ("#7A86B8", "solid", "x", "✖"),
)
"""The colour, dash, marker and sign of each branch. No colour here means anything else."""


@dataclass(frozen=True, eq=False)
class BranchCurve:
    """One branch: its letter, the first epoch with other settings, and its run."""

    letter: str
    first: int
    run: wb.Run

    @property
    def style(self) -> tuple[str, str, str, str]:
        """Its colour, dash, marker and sign."""
        return STYLES["ABCD".index(self.letter)]


FOLLOWED = ("test_loss", "weight", "bias")


def with_branches(recording: Recording, run: wb.Run, branches: Sequence[BranchCurve]) -> Recording:
    """The recording of a run with the columns of its branches, which may have more epochs.

    A branch has numbers from the epoch before its first one on, where it is still the run itself.
    """
    if not branches:
        return recording
    frames = max(recording.frames, *(len(branch.run.history) for branch in branches))
    columns, line = dict(recording.columns), line_columns(recording)
    for name in ("train_loss", "test_loss", *dict.fromkeys((*MODEL_LINE, *line))):
        columns[name] = _padded(columns[name], 0, frames)
    for name in ("weight", "bias"):
        columns[f"path_{name}"] = np.append(columns[f"start_{name}"], columns[name])
    columns["epoch"] = np.arange(frames)
    for branch in branches:
        for name in FOLLOWED:
            values = np.array(branch.run.history.column(name))
            columns[f"{branch.letter}_{name}"] = _padded(values, max(branch.first - 1, 0), frames)
        if line == OWN_LINE:
            own = run.data.scale.own_line(*(columns[f"{branch.letter}_{name}"] for name in MODEL_LINE))
            columns |= {f"{branch.letter}_{name}": values for name, values in zip(OWN_LINE, own, strict=True)}
    ranges = []
    for name in ("weight", "bias"):
        path = np.concatenate([columns[f"path_{name}"], *(columns[f"{one.letter}_{name}"] for one in branches)])
        ranges.append(landscape_range(path[np.isfinite(path)], float(columns[f"true_{name}"][0])))
    ground = wb.loss_surface(run.data, run.config.loss, *ranges)
    columns |= {
        "grid_weight": ground.weights.numpy(),
        "grid_bias": ground.biases.numpy(),
        "grid_loss": ground.losses.flatten().numpy(),
    }
    return replace(recording, columns=columns, frames=frames, goal=max(recording.goal, frames))


def _padded(values: np.ndarray, first: int, frames: int) -> np.ndarray:
    """The numbers from `first` on in their frames, and nan in all other frames."""
    padded = np.full(frames, np.nan)
    padded[first : len(values)] = values[first:]
    return padded


def charts_with_branches(
    charts: Sequence[Chart], recording: Recording, branches: Sequence[BranchCurve], _: Translate
) -> tuple[Chart, ...]:
    """The charts of a run with the traces of its branches; `recording` has their columns."""
    if not branches:
        return tuple(charts)
    keys = [Key(branch.style[3], branch.style[0], branch.letter) for branch in branches]
    return tuple(
        replace(
            chart,
            figure=go.Figure([*chart.figure.data, *traces], chart.figure.layout),
            bindings=(*chart.bindings, *bindings),
            legend=chart.legend if chart.id == "fit" else (*chart.legend, *keys),  # there is no room in the middle
            layout={**chart.layout, **_layout(chart.id, recording, branches)},
        )
        for chart in charts
        for traces, bindings in [_traces(chart.id, branches, line_columns(recording))]
    )


def _layout(chart: str, recording: Recording, branches: Sequence[BranchCurve]) -> dict[str, object]:
    columns = recording.columns
    if chart == "landscape":
        axes = {"xaxis": columns["grid_weight"], "yaxis": columns["grid_bias"]}
        return {f"{axis}.range": [float(values[0]), float(values[-1])] for axis, values in axes.items()}
    if chart == "loss":
        losses = [columns["train_loss"], columns["test_loss"], *(columns[f"{b.letter}_test_loss"] for b in branches)]
        log = any(exploded(each[np.isfinite(each)]) for each in losses)
        air = max(recording.goal - 1, 1) * 0.03
        return {
            "xaxis.range": [-air, max(recording.goal - 1, 1) + air],
            **loss_axis(np.concatenate(losses), log=log),
        }
    return {}


def _traces(
    chart: str, branches: Sequence[BranchCurve], line_names: tuple[str, str]
) -> tuple[list[go.Scatter], list[Binding]]:
    traces: list[go.Scatter] = []
    bindings: list[Binding] = []
    for branch in branches:
        color, dash, symbol, _sign = branch.style
        weight, bias, loss = (f"{branch.letter}_{name}" for name in ("weight", "bias", "test_loss"))
        line = {"color": color, "width": 2.5, "dash": dash}
        marker = {"color": color, "size": 9, "symbol": symbol, "line": {"color": "white", "width": 1}}
        strong = go.Scatter(mode="lines", line=line, hoverinfo="skip")
        point = go.Scatter(mode="markers", marker=marker, hoverinfo="skip")
        if chart == "loss":
            hover = branch.letter + " %{y:.6g}<extra></extra>"
            traces += [go.Scatter(mode="lines", line={**line, "width": 1.5}, opacity=0.3, hovertemplate=hover)]
            bindings += [Binding("whole", "epoch", loss)]
            traces += [strong, point]
            bindings += [Binding("prefix", "epoch", loss), Binding("point", "epoch", loss)]
        elif chart == "fit":
            traces += [strong]
            slope, intercept = (f"{branch.letter}_{name}" for name in line_names)
            bindings += [Binding("line", "line_x", slope=slope, intercept=intercept)]
        else:
            traces += [strong, point]
            bindings += [Binding("prefix", weight, bias), Binding("point", weight, bias)]
    return traces, bindings

"""The branches of a run in its charts: each with its own colour, dash and mark, in the same frames."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

import wb_core as wb

from .loss import exploded, loss_axis
from .recording import Binding, Chart, Key, Recording, padded

LETTERS = "ABCD"

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
        return STYLES[LETTERS.index(self.letter)]

    def column(self, name: str) -> str:
        """The name of its column."""
        return f"{self.letter}_{name}"


class Traces(NamedTuple):
    """Traces of one branch in a chart, each with its binding."""

    traces: Sequence[go.Scatter]
    bindings: Sequence[Binding]


def with_branches(
    recording: Recording, branches: Sequence[BranchCurve], columns: Sequence[str], followed: Sequence[str]
) -> Recording:
    """The recording of a run with the `followed` columns of its branches, which may have more epochs.

    `columns` are those of the run with a number for each epoch. A branch has numbers from the epoch before its first
    one on, where it is still the run itself.
    """
    frames = max(recording.frames, *(len(branch.run.history) for branch in branches))
    found = {**recording.columns, "epoch": np.arange(frames)}
    found |= {name: in_frames(found[name], 0, frames) for name in columns}
    for branch in branches:
        for name in followed:
            values = np.array(branch.run.history.column(name))
            found[branch.column(name)] = in_frames(values, max(branch.first - 1, 0), frames)
    return replace(recording, columns=found, frames=frames, goal=max(recording.goal, frames))


def in_frames(values: np.ndarray, first: int, frames: int) -> np.ndarray:
    """The numbers from `first` on in their frames, and nan in all other frames."""
    found = np.full(frames, np.nan)
    found[first : len(values)] = values[first:]
    return found


def charts_with_branches(
    charts: Sequence[Chart],
    branches: Sequence[BranchCurve],
    traces: Callable[[str, BranchCurve], Traces],
    layout: Callable[[str], Mapping[str, Any]],
    *,
    without_key: Sequence[str] = (),
) -> tuple[Chart, ...]:
    """The charts of a run with the traces of its branches and another layout, by the id of a chart.

    The charts `without_key` have no room for the branches' signs.
    """
    keys = [Key(branch.style[3], branch.style[0], branch.letter) for branch in branches]
    found = []
    for chart in charts:
        added = [traces(chart.id, branch) for branch in branches]
        figure = go.Figure([*chart.figure.data, *(one for each in added for one in each.traces)], chart.figure.layout)
        found.append(
            replace(
                chart,
                figure=figure,
                bindings=(*chart.bindings, *(one for each in added for one in each.bindings)),
                legend=chart.legend if chart.id in without_key else (*chart.legend, *keys),
                layout={**chart.layout, **layout(chart.id)},
            )
        )
    return tuple(found)


def strong(branch: BranchCurve) -> go.Scatter:
    """The line of a branch."""
    return go.Scatter(mode="lines", line=_line(branch, 2.5), hoverinfo="skip")


def point(branch: BranchCurve) -> go.Scatter:
    """The mark of a branch."""
    color, _dash, symbol, _sign = branch.style
    marker = {"color": color, "size": 9, "symbol": symbol, "line": {"color": "white", "width": 1}}
    return go.Scatter(mode="markers", marker=marker, hoverinfo="skip")


def over_epochs(branch: BranchCurve, name: str, number: str) -> Traces:
    """The curve of a column over the epochs; `number` says how the value under the pointer is written."""
    hover = f"{branch.letter} {number}<extra></extra>"
    whole = go.Scatter(mode="lines", line=_line(branch, 1.5), opacity=0.3, hovertemplate=hover)
    bindings = [Binding(kind, "epoch", branch.column(name)) for kind in ("whole", "prefix", "point")]
    return Traces([whole, strong(branch), point(branch)], bindings)


def _line(branch: BranchCurve, width: float) -> dict[str, Any]:
    color, dash, _symbol, _sign = branch.style
    return {"color": color, "width": width, "dash": dash}


def epochs_layout(recording: Recording) -> dict[str, Any]:
    """The axis of all epochs of a run and its branches."""
    return {"xaxis.range": padded(0, max(recording.goal - 1, 1), 0.03)}


def losses_layout(recording: Recording, branches: Sequence[BranchCurve]) -> dict[str, Any]:
    """The axes of the losses of a run and its branches."""
    names = ["train_loss", "test_loss", *(branch.column("test_loss") for branch in branches)]
    losses = [recording.columns[name] for name in names]
    log = any(exploded(each[np.isfinite(each)]) for each in losses)
    return {**epochs_layout(recording), **loss_axis(np.concatenate(losses), log=log)}

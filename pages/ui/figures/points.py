"""A run on points in the plane as a recording, and its charts of losses and accuracies.

The boundary and the network are drawn in the browser from the recorded parameters (see `player/plane`).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

import wb_core as wb

from . import palette
from .loss import curves, curves_figure, loss_chart, loss_layout
from .recording import Chart, Key, Recording, Rows, Titles, Translate, joined, padded, thinned

NUMBERS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
"""The columns with a number for each epoch."""

MOST_PARAMETERS = 500_000
"""A recording has at most about this many parameters: of longer runs, those of every second, third, ... epoch."""

MARGIN = 0.08
"""Of the points' width, on each side of them."""

UNEQUAL = 3
"""Times that one axis is longer than the other, before they get different units."""

LATE = ("last_parameters",)
"""The columns that are sent again while a run grows."""


def every(config: wb.PointsConfig, epochs: int, runs: int = 1) -> int:
    """The recording of so many epochs has the parameters of the epochs 0, every, 2 · every, ..., and the last ones.

    `runs` counts the run and its branches, which share the room.
    """
    return max(1, math.ceil(runs * epochs * config.parameters / MOST_PARAMETERS))


def points_recording(run: wb.PointsRun, *, loaded: bool = False, before: Recording | None = None) -> Recording:
    """The recording of a run before, after and, in another thread, during its training.

    `parameters` (rows, P) are those after the epochs 0, k, 2 k, ..., where k is `every(...)`; `last_parameters` are
    those after the last one. `before` is an earlier recording of the same run.
    """
    epochs = len(run.history)
    trained = epochs > 0
    goal = run.epochs if run.diverged_at is None or not trained else epochs
    columns = {name: np.array(run.history.column(name)[:epochs]) for name in NUMBERS}
    if before is not None:
        known = {name: values for name, values in before.columns.items() if name.startswith(("start_", "point_"))}
    else:
        known = {f"start_{name}": np.array([value]) for name, value in at_start(run).items()} | points(run)
        known |= {"start_epoch": np.array([-1]), "start_parameters": run.start.numpy()}
    parameters = run.parameters[:epochs]
    step = every(run.config, max(run.epochs, epochs))
    columns |= {
        "parameters": parameters[::step].numpy(),
        "last_parameters": (parameters[-1] if trained else run.start).numpy(),
    }
    if not trained:
        columns |= {name: known[f"start_{name}"] for name in NUMBERS}
    return Recording(
        columns={"epoch": np.arange(max(epochs, 1)), **columns, **known},
        frames=max(epochs, 1),
        trained=trained,
        goal=goal,
        loaded=loaded,
    )


def rows(run: wb.PointsRun) -> dict[str, Rows]:
    """The columns of its recording that grow with a run."""
    return {name: Rows() for name in NUMBERS} | {"parameters": Rows(every=every(run.config, run.epochs))}


def at_start(run: wb.PointsRun) -> dict[str, float]:
    """Losses and accuracies before the first epoch."""
    first = wb.PointsRun(run.config, start=run.start)
    return first.measured()


def places(run: wb.PointsRun) -> np.ndarray:
    """Where the points are, as (N, 2): first those of the training."""
    return torch.cat([run.data.points_train, run.data.points_test]).cpu().numpy()


def points(run: wb.PointsRun) -> dict[str, np.ndarray]:
    """The points for the chart, first those of the training: x1, x2, class, and whether it is one of the test."""
    data, both = run.data, places(run)
    return thinned(
        len(both),
        point_x1=both[:, 0],
        point_x2=both[:, 1],
        point_class=torch.cat([data.y_train, data.y_test]).cpu().numpy(),
        point_test=np.repeat([0, 1], [len(data.y_train), len(data.y_test)]),
    )


def area(places: np.ndarray) -> np.ndarray:
    """The lower and the upper corner (2, 2) of the part of the plane around points (N, 2).

    It is square where one axis isn't much longer than the other one.
    """
    low, high = places.min(axis=0), places.max(axis=0)
    lengths = np.maximum(high - low, np.maximum(1e-6 * np.maximum(abs(low), abs(high)), 1e-6))
    if lengths.max() / lengths.min() <= UNEQUAL:
        lengths = np.full(2, lengths.max())
    middle, half = (low + high) / 2, (0.5 + MARGIN) * lengths
    return np.stack([middle - half, middle + half])


def points_layouts(recording: Recording, before: Sequence[Mapping[str, Any]] | None = None) -> list[dict[str, Any]]:
    """The layouts of `points_charts`. While a run grows, with those `before`, no axis of losses shrinks."""
    found = [loss_layout(recording), accuracy_layout(recording)]
    if before is not None and found[0].get("yaxis.type") == before[0].get("yaxis.type"):
        found[0]["yaxis.range"] = joined(before[0]["yaxis.range"], found[0]["yaxis.range"])
    return found


def accuracy_layout(recording: Recording) -> dict[str, Any]:
    """The axes of `accuracy_chart`: all requested epochs."""
    return {"xaxis.range": padded(0, max(recording.goal - 1, 1), 0.03), "yaxis.range": [0, 104]}


def points_charts(recording: Recording, _: Translate) -> tuple[Chart, ...]:
    """The charts under the plane: losses and accuracies over the epochs."""
    return loss_chart(recording, "", _), accuracy_chart(recording, _)


def accuracy_chart(recording: Recording, _: Translate) -> Chart:
    """The chart of both accuracies, in percent of all points."""
    return Chart(
        id="accuracy",
        figure=curves_figure(_("accuracy (%)"), "%{y:.4g}%", _),
        bindings=curves("train_accuracy", "test_accuracy"),
        legend=(Key("●", palette.TRAIN, _("train")), Key("■", palette.TEST, _("test"))),
        titles=Titles.two(
            _("Test accuracy {test_accuracy}% at this start")
            if recording.loaded
            else _("Test accuracy {test_accuracy}% before training"),
            _("Test accuracy {test_accuracy}% at epoch {epoch}"),
        ),
        summary=Titles.two(
            _("Chart of the accuracies. Before training, {train_accuracy} and {test_accuracy} percent are right."),
            _("Chart of the accuracies. At epoch {epoch} it gets {train_accuracy} and {test_accuracy} percent right."),
        ),
        layout=accuracy_layout(recording),
        click="epoch",
    )

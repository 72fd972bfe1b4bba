"""Describes training on points in the plane as a `Kind`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...base.fields import N_
from ..kind import LARGEST, Kind, Metric, Shape, SweepLimit
from .batching import POINTS_BATCHING
from .config import PointsConfig
from .diagnosis import DIAGNOSES, diagnose
from .export import checkpoint_name, points_workflow
from .layers import MAX_LAYERS, MAX_UNITS
from .run import PointsRun


def _fitting(config: PointsConfig, shapes: Sequence[Sequence[Shape]]) -> Iterator[PointsConfig]:
    """The network whose weights lead from the config's inputs to its outputs, if there is one."""
    for table in shapes:
        weights = [shape for shape in table if len(shape) == 2]
        sizes = [len(config.features), *(shape[0] for shape in weights)]
        hidden = tuple(sizes[1:-1])
        known = len(hidden) <= MAX_LAYERS and all(1 <= units <= MAX_UNITS for units in hidden)
        if weights and known and sizes[-1] == config.outputs and [shape[1] for shape in weights] == sizes[:-1]:
            schedule = "" if config.typed and hidden != config.hidden else config.schedule
            yield replace(config, hidden=hidden, schedule=schedule)


def _warm_up() -> None:
    """With points of its own, because scikit-learn's libraries start threads, and only one thread can fork safely."""
    own = tuple((float(n), float(n % 3), n % 2) for n in range(8))
    PointsRun(PointsConfig(data="own", own=own, epochs=1)).finish()


POINTS = Kind(
    id="points",
    label=N_("Points in the plane"),
    page="points",
    config=PointsConfig,
    run=PointsRun,
    metrics=(
        Metric("train_loss", LARGEST),
        Metric("test_loss", LARGEST),
        Metric("train_accuracy", 100.0, higher_is_better=True),
        Metric("test_accuracy", 100.0, higher_is_better=True),
    ),
    checkpoint_name=checkpoint_name,
    fitting=_fitting,
    workflow=points_workflow,
    diagnose=diagnose,
    diagnoses=DIAGNOSES,
    findings=("dead_units",),
    warm_up=_warm_up,
    # 2,000,000 steps take some minutes in batches of runs, and half an hour if each run trains alone.
    sweep_limit=SweepLimit(4_000, 2_000_000, lambda config: config.batches, "sweep.too_many_steps"),
    batch=POINTS_BATCHING,
)
"""Points in the plane, classified by a small network."""

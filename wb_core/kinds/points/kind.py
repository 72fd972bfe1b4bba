"""Describes training on points in the plane as a `Kind`."""

import sys

from ...base.fields import N_
from ..kind import Kind, Metric, SweepLimit
from .config import PointsConfig
from .diagnosis import DIAGNOSES, diagnose
from .export import checkpoint_name, points_workflow
from .run import PointsRun

LARGEST = sys.float_info.max / 2  # a loss that is still finite after rounding


def _warm_up() -> None:
    """With points of its own, because scikit-learn's libraries start threads, and only one thread can fork safely."""
    own = tuple((float(n), float(n % 3), n % 2) for n in range(8))
    PointsRun(PointsConfig(data="own", own=own, epochs=1)).finish()


POINTS = Kind(
    id="points",
    label=N_("Points in the plane"),
    page="",
    config=PointsConfig,
    run=PointsRun,
    metrics=(
        Metric("train_loss", LARGEST),
        Metric("test_loss", LARGEST),
        Metric("train_accuracy", 100.0, higher_is_better=True),
        Metric("test_accuracy", 100.0, higher_is_better=True),
    ),
    checkpoint_name=checkpoint_name,
    workflow=points_workflow,
    diagnose=diagnose,
    diagnoses=DIAGNOSES,
    warm_up=_warm_up,
    # 400 runs of 200 epochs take seconds; this is about two minutes.
    sweep_limit=SweepLimit(4_000, 2_000_000, lambda config: 1, "sweep.too_long"),
)
"""Points in the plane, classified by a small network."""

"""Describes training on a line as a `Kind`."""

from dataclasses import replace

from ...base.diagnosis import DIAGNOSES
from ...base.fields import N_
from ..kind import LARGEST, Kind, Metric, SweepLimit
from .batching import LINE_BATCHING
from .config import LinearConfig
from .diagnosis import diagnose
from .export import linear_workflow
from .export_code import FILES
from .models import MODELS
from .run import LinearRun


def _warm_up() -> None:
    for optimizer in ("sgd", "adam"):
        LinearRun(LinearConfig(epochs=2, optimizer=optimizer)).finish()


LINE = Kind(
    id="linear",
    label=N_("Lines"),
    page="linear",
    config=LinearConfig,
    run=LinearRun,
    metrics=(Metric("train_loss", LARGEST), Metric("test_loss", LARGEST)),
    checkpoint_name=lambda config: FILES[config.model],
    fitting=lambda config, _: (replace(config, model=model) for model in MODELS),
    workflow=linear_workflow,
    diagnose=diagnose,
    diagnoses=DIAGNOSES,
    findings=("one_point", "one_x", "overfitting", "unlike_test"),
    warm_up=_warm_up,
    # 100,000,000 epochs take about half a minute.
    sweep_limit=SweepLimit(100_000, 100_000_000, lambda config: 1, "sweep.too_long"),
    batch=LINE_BATCHING,
)
"""A line, learned from all its points at once."""

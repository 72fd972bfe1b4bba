"""The kinds of training: a folder and one line in `KINDS` for each."""

from typing import Any

from ..base.diagnosis import Diagnosis
from .images.kind import IMAGES
from .kind import Kind, Metric, SweepLimit
from .line.kind import LINE
from .points.kind import POINTS

KINDS: dict[str, Kind] = {kind.id: kind for kind in (LINE, IMAGES, POINTS)}
"""Every kind by its id."""

__all__ = ["KINDS", "Kind", "Metric", "SweepLimit", "diagnose", "kind_of"]


def kind_of(config: Any) -> Kind:
    """The kind of a config (its class or an instance); `TypeError` for anything else."""
    config_class = config if isinstance(config, type) else type(config)
    for kind in KINDS.values():
        if kind.config is config_class:
            return kind
    raise TypeError(f"{config_class.__name__} is not the config of a kind of training")


def diagnose(history: Any, config: Any, **more: Any) -> Diagnosis:
    """What the history of a training shows, and one thing to try, by the config's kind.

    `diverged_at` is that of the `Run`. For a line there are also `limits` (see `limits_of`) and `from_seed`, for
    images the last `evaluation` and the `batch_losses`, for points the `parameters`. The labels are in
    `KINDS[...].diagnoses`.
    """
    return kind_of(config).diagnose(history, config, **more)

"""The neighbours of a run on points in the plane.

A stop has the columns of `figures/points.py`, but fewer epochs if it has many parameters (see `Batching.shown`), and
the row of all parameters for each of them: frame e of a stop, whose number is in `epoch`, has row e of `parameters`
(frames x P numbers), without gaps. `last_parameters` is its last row. The points, and all that is about the start, are
those of the server's recording.
"""

from collections.abc import Iterator, Sequence

import numpy as np

import wb_core as wb
from wb_core.base.fields import Number, specs

from ..figures.points import NUMBERS, at_start, points_layouts
from ..figures.recording import Recording
from ..figures.sweep import OUTCOME_LABELS
from ..i18n import Translator
from .kind import LiveKind, Watch, numbers_of

OVERHEAD = 150
"""An epoch of a stop costs as much as this many points, besides those that it has."""


def _stops(config: wb.PointsConfig, field: str) -> Sequence[float]:
    spec = specs(config)[field]
    assert isinstance(spec, Number)  # noqa: S101
    return spec.stops


def _numbers(config: wb.PointsConfig, field: str) -> int:
    batching = wb.kind_of(config).batch
    assert batching is not None  # noqa: S101
    return min(config.epochs, batching.shown(config)) * (len(NUMBERS) + config.parameters)


def _recordings(
    found: wb.Neighbours, configs: Sequence[wb.PointsConfig], trained: bool, watch: Watch
) -> Iterator[Recording]:
    for row, config in enumerate(configs):
        watch()
        length, diverged = int(found.lengths[row]), int(found.diverged_at[row])
        if not length:  # it exploded in its first epoch, so that the page shows its start
            run = wb.PointsRun(config)
            columns = {name: np.array([value]) for name, value in at_start(run).items()}
            columns |= {"parameters": np.empty(0), "last_parameters": run.start.numpy()}
            yield Recording(columns=columns, frames=1, trained=False, goal=config.epochs)
            continue
        parameters = found.columns["parameters"][row, :length]  # (length, P)
        columns = numbers_of(found, row, NUMBERS)
        columns |= {"parameters": parameters.ravel(), "last_parameters": parameters[-1]}
        goal = config.epochs if diverged < 0 else max(diverged, 1)
        yield Recording(columns=columns, frames=length, trained=True, goal=goal)


TONES = {"learned": "success", "too_slow": "info"}
"""The tone of an outcome that is no warning."""


def _outcome(label: str, good: bool, diverged: bool, _: Translator) -> tuple[str, str]:
    words = _(OUTCOME_LABELS[label])
    return words[0].upper() + words[1:], TONES.get(label, "warning")


POINTS = LiveKind(
    config=wb.PointsConfig,
    fields=("lr", "weight_decay"),
    charts=("loss", "accuracy"),
    stops=_stops,
    numbers=_numbers,
    work=lambda config, field: config.epochs * (config.size + OVERHEAD),
    most_bytes=600_000,
    most_work=1_000_000,  # about a quarter of a second
    recordings=_recordings,
    over_time=lambda config: (*NUMBERS, "parameters"),
    others=lambda config, field: ("last_parameters",),
    layouts=points_layouts,
    targets=lambda recording: [None] * len(NUMBERS),
    outcome=_outcome,
    joined={},
)

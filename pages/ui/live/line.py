"""The neighbours of a line."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import wb_core as wb
from wb_core.base.fields import Number, specs

from ..figures.linear import AT_START, CHARTS, OWN_LINE, at_start, line_columns, line_recording, linear_layouts
from ..figures.recording import Recording
from ..i18n import Translator
from ..labs.line.diagnosis_sentences import first_words
from ..labs.line.verdict import tone
from .kind import LiveKind, Watch, numbers_of

SHOWN = 200  # epochs of a run
OVER_TIME = ("train_loss", "test_loss", "weight", "bias")
OF_THE_DATA = (
    *("X_train", "y_train", "X_test", "y_test", "line_x"),
    *("best_y", "best_weight", "best_bias", "true_weight", "true_bias"),
)
OF_THE_START = (*AT_START, "grid_weight", "grid_bias")
OWN_START = tuple(f"start_{name}" for name in OWN_LINE)


def _of_data(config: wb.LinearConfig, field: str) -> bool:
    return specs(config)[field].group == "data"


def _stops(config: wb.LinearConfig, field: str) -> Sequence[float]:
    spec = specs(config)[field]
    assert isinstance(spec, Number)  # noqa: S101
    offered = spec.offered
    if field == "lr" and config.points:
        offered = wb.limits_of(wb.Run(config).data, config.loss).offered_lr(config)
    return spec.stops_within(offered)


def _numbers(config: wb.LinearConfig, field: str) -> int:
    numbers = 0 if field == "epochs" else (6 if config.standardise else 4) * min(config.epochs, SHOWN)
    return numbers + (2 * config.size if _of_data(config, field) else 0)


def _recordings(
    found: wb.Neighbours, configs: Sequence[wb.LinearConfig], trained: bool, watch: Watch
) -> Iterator[Recording]:
    start: dict[str, float] = {}
    for row, config in enumerate(configs):
        watch()
        if not row or _of_data(config, found.field):
            run = wb.Run(config)
            start = at_start(run)
        length, diverged = int(found.lengths[row]), int(found.diverged_at[row])
        if trained and length:
            columns = numbers_of(found, row, OVER_TIME)
        else:
            columns = {name: np.array([value]) for name, value in start.items()}
        goal = config.epochs if diverged < 0 or not trained else max(diverged, 1)
        best = found.limits[row].best
        yield line_recording(config, run.data, columns, start, best, trained=trained and length > 0, goal=goal)


def _over_time(config: wb.LinearConfig) -> Sequence[str]:
    return (*OVER_TIME, *OWN_LINE) if config.standardise else OVER_TIME


def _others(config: wb.LinearConfig, field: str) -> Sequence[str]:
    own = OWN_START if config.standardise else ()
    return (*OF_THE_START, *own, *(OF_THE_DATA if _of_data(config, field) else ()))


def _targets(recording: Recording) -> Sequence[float | None]:
    return [None, None, *(float(recording.columns[f"true_{name}"][0]) for name in line_columns(recording))]


def _outcome(label: str, good: bool, diverged: bool, _: Translator) -> tuple[str, str]:
    return first_words(label, good=good, diverged=diverged, translate=_), tone(label, good)


def _work(config: Any, field: str) -> int:
    return 1 if field == "epochs" else config.epochs * config.size


LINE = LiveKind(
    config=wb.LinearConfig,
    fields=("weight", "bias", "noise", "train_fraction", "lr", "epochs"),
    charts=CHARTS,
    stops=_stops,
    numbers=_numbers,
    work=_work,
    most_bytes=190_000,
    most_work=20_000_000,  # about half a second
    recordings=_recordings,
    over_time=_over_time,
    others=_others,
    layouts=linear_layouts,
    targets=_targets,
    outcome=_outcome,
    joined={f"path_{name}": (f"start_{name}", name) for name in ("weight", "bias")},
    loss=lambda config: "" if config.standardise else config.loss,  # the browser has no scaled points to make one of
)

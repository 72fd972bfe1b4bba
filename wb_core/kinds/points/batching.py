"""How runs on points in the plane train as one batch, and what cannot be one."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import torch

from ...base.fields import applies
from ...base.history import History
from .. import batching
from .alone import Alone
from .batch import Batch
from .config import PointsConfig
from .data import PointsData, data_key, points_data
from .diagnosis import diagnose
from .diagnosis.reach import Reach, reach_of
from .run import PointsRun

MAX_NUMBERS = 3_000_000
"""A batch records at most this many float64 numbers (24 MB)."""

MAX_POINTS = 64_000  # per step of a batch: more of them do not fit into the processor's cache
MAX_TOGETHER = 128  # runs in a batch

SHOWN, LEAST_SHOWN, SHOWN_NUMBERS = 200, 20, 6_000
"""A neighbour has all numbers of this many epochs, which are fewer if it has many parameters."""


class Judge(batching.Judge):
    """Judges runs on points. It remembers what can be reached, for as long as it lives."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def verdicts(
        self, configs: Sequence[PointsConfig], record: np.ndarray, epochs: np.ndarray, parameters: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        labels = np.full(len(record), "exploding", dtype=object)
        for row in np.flatnonzero(epochs == record.shape[2]).tolist():
            history = History.of(PointsRun.columns, record[row])
            last = torch.from_numpy(parameters[row : row + 1])
            labels[row] = diagnose(history, configs[row], parameters=last, reach=self._reach).label
        return labels, labels == "learned"


def alike(config: PointsConfig) -> tuple[Any, ...] | None:
    """The settings that configs in one batch must share, besides the number of epochs; None for no batch."""
    if config.batch_size or config.dropout or config.schedule or config.device != "cpu":
        return None
    rolls = applies(config, "momentum") and config.momentum > 0
    shape = config.size, config.train_points, config.features, config.hidden, config.outputs
    return *shape, config.activation, config.optimizer, rolls, config.weight_decay > 0


def alike_by(config: PointsConfig) -> Sequence[str]:
    """The settings of an axis that decide which runs can share a batch."""
    names = "points", "train_fraction", "activation", "optimizer", "momentum", "weight_decay", "dropout", "batch_size"
    return (*names, "seed") if config.own else names


def size(config: PointsConfig) -> int:
    """How many runs like this one a batch may have."""
    if alike(config) is None:
        return 1
    most = MAX_NUMBERS // (len(PointsRun.columns) * config.epochs)
    return max(1, min(most, MAX_POINTS // config.size, MAX_TOGETHER))


def shown(config: PointsConfig) -> int:
    """Of how many epochs a neighbour has all numbers, so that all of them stay within `SHOWN_NUMBERS`."""
    return max(LEAST_SHOWN, min(SHOWN, SHOWN_NUMBERS // config.parameters))


def _batch(configs: Sequence[PointsConfig], data: Sequence[PointsData], keep: Collection[int]) -> batching.Batch:
    return Alone(configs) if alike(configs[0]) is None else Batch(configs, data, keep)


POINTS_BATCHING = batching.Batching(
    alike=alike,
    alike_by=alike_by,
    size=size,
    data=points_data,
    data_key=data_key,
    batch=_batch,
    judge=lambda config: Judge(reach_of(config)),
    at_once=lambda config: 4,
    shown=shown,
    with_parameters=True,
)

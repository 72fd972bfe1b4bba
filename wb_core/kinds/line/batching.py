"""How runs of a line train as one batch."""

from collections.abc import Sequence

import numpy as np

from ..batching import Batching, Judge
from .batch import Batch, alike, data_key
from .config import LinearConfig
from .data import CPU, line_data
from .diagnosis import Limits, limits_of, verdicts_of

MAX_NUMBERS = 6_000_000
"""A batch records at most this many float32 numbers (24 MB)."""

MAX_POINTS = 200_000  # per step of a batch
MAX_TOGETHER = 4_000  # runs in a batch

MAX_LOOKS = 500_000
"""Limits how many runs are judged at once. A run counts about 100 numbers per point and 12 per epoch."""

SHOWN = 200  # epochs of a neighbour


class LineJudge(Judge):
    """Judges many lines at once. It computes the limits once for all runs with the same points and loss."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Limits] = {}

    def limits(self, config: LinearConfig) -> Limits:
        key = (config.loss, *data_key(config))
        if key not in self._made:
            self._made[key] = limits_of(line_data(config, CPU), config.loss)
        return self._made[key]

    def verdicts(
        self, configs: Sequence[LinearConfig], record: np.ndarray, epochs: np.ndarray, parameters: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        labels, good = np.full(len(record), "exploding", dtype=object), np.zeros(len(record), dtype=bool)
        if len(rows := np.flatnonzero(epochs == record.shape[2])):
            theirs = [configs[row] for row in rows.tolist()]
            verdicts = verdicts_of(record[rows], theirs, [self.limits(config) for config in theirs])
            labels[rows], good[rows] = verdicts.labels, verdicts.good
        return labels, good


def alike_by(config: LinearConfig) -> Sequence[str]:
    """The settings of an axis that decide which runs can share a batch."""
    names = "loss", "optimizer", "model", "momentum", "train_fraction"
    return (*names, "seed") if config.shuffle else names


def size(config: LinearConfig) -> int:
    """How many runs like this one a batch may have."""
    return max(1, min(MAX_NUMBERS // (6 * config.epochs), MAX_POINTS // config.size, MAX_TOGETHER))


def at_once(config: LinearConfig) -> int:
    """How many runs like this one may be judged at once, which takes 10 to 20 ms."""
    return max(1, MAX_LOOKS // (100 * config.size + 12 * config.epochs))


LINE_BATCHING = Batching(
    alike=alike,
    alike_by=alike_by,
    size=size,
    data=lambda config: line_data(config, CPU),
    data_key=data_key,
    batch=lambda configs, data, keep: Batch(configs, data),  # every epoch's parameters are in its record
    judge=lambda config: LineJudge(),
    at_once=at_once,
    shown=lambda config: SHOWN,
    learned=("weight", "bias"),
)

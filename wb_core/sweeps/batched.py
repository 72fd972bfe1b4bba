"""A sweep that trains its runs in batches, a slice of time at a time."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..base.fields import with_checked
from ..jobs import LocalWorkers, Workplace
from ..kinds import kind_of
from ..kinds.line.batch import Batch, DataOf, alike
from ..kinds.line.config import LinearConfig
from .axes import Axes
from .jobs import JobSweep
from .results import LimitsOf, SweepResult

MAX_NUMBERS = 6_000_000
"""A batch records at most this many float32 numbers (24 MB)."""

MAX_POINTS = 200_000  # per step of a batch
MAX_TOGETHER = 4_000  # runs in a batch

GROUPING_AXES = ("loss", "optimizer", "model", "momentum", "train_fraction")
"""The axes that decide which runs can share a batch."""


def batch_size(config: LinearConfig) -> int:
    """How many runs like this one a batch may have."""
    return max(1, min(MAX_NUMBERS // (6 * config.epochs), MAX_POINTS // config.size, MAX_TOGETHER))


class Sweep:
    """Trains every combination of the given settings: `advance` for a slice of time, or `finish`.

    Raises the errors of `Axes`.
    """

    def __init__(self, config: LinearConfig, **axes: Iterable[Any]) -> None:
        self.axes = Axes(config, axes)
        self.result = SweepResult(self.axes)
        self.epochs = 0  # trained so far, over all runs
        self._limits = LimitsOf()
        self._groups = self._group_runs()
        self.steps = sum(len(parts[0]) * self._longest_config(parts).epochs for parts in self._groups.values())
        self._work = self._train()
        self.done = False

    @property
    def progress(self) -> float:
        """The fraction of the training that is done, from 0 to 1."""
        return float(self.epochs / self.steps)

    def advance(self, seconds: float) -> None:
        """Train for about `seconds`, but at least one step."""
        deadline = time.perf_counter() + seconds
        for _ in self._work:
            if time.perf_counter() >= deadline:
                return
        self.done = True

    def finish(self) -> SweepResult:
        """Train to the end."""
        self.advance(float("inf"))
        return self.result

    def _group_runs(self) -> dict[tuple[Any, ...], list[list[int]]]:
        """Groups of runs that can share a batch; each group has one list per number of epochs.

        The lists of a group have the same length, and runs at the same index differ only in their epochs.
        """
        kinds = self.axes.places().get("epochs", np.zeros(len(self.axes), int)).tolist()
        axes = (*GROUPING_AXES, "seed") if self.axes.config.shuffle else GROUPING_AXES
        known: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        groups: dict[tuple[Any, ...], dict[int, list[int]]] = {}
        for run, (settings, kind) in enumerate(zip(self.axes.all_settings(), kinds, strict=True)):
            grouping = tuple(settings.get(name) for name in axes)
            if grouping not in known:
                known[grouping] = alike(self.axes.config_of(run))
            groups.setdefault(known[grouping], {}).setdefault(kind, []).append(run)
        return {key: list(parts.values()) for key, parts in groups.items()}

    def _longest_config(self, parts: list[list[int]]) -> LinearConfig:
        """A config with the most epochs of a group."""
        configs: list[LinearConfig] = [self.axes.config_of(places[0]) for places in parts]
        return max(configs, key=lambda config: config.epochs)

    def _train(self) -> Iterator[None]:
        for parts in self._groups.values():
            longest = self._longest_config(parts)
            size = batch_size(longest)
            for start in range(0, len(parts[0]), size):
                yield from self._train_batch([places[start : start + size] for places in parts], longest.epochs)

    def _train_batch(self, parts: list[list[int]], epochs: int) -> Iterator[None]:
        """Train one batch for `epochs`, the most of its runs. A shorter run is the beginning of a longer one."""
        configs, data, data_of = [], [], DataOf()
        for place in parts[0]:
            configs.append(config := with_checked(self.axes.config_of(place), {"epochs": epochs}))
            data.append(data_of(config))
            yield
        batch = Batch(configs, data)
        yield
        while not batch.done:
            batch.advance()
            self.epochs += len(configs)
            yield
        for places in parts:
            yield from self.result.take(places, batch, self._limits)


def sweep(
    config: Any,
    *,
    watch: Callable[[float], bool] | None = None,
    work: Workplace | None = None,
    **axes: Iterable[Any],
) -> Any:
    """Train every combination of these values: `sweep(cfg, lr=[0.01, 0.1], seed=range(50))`.

    Returns a `SweepResult` if the config's kind can train in batches, else a `JobSweep`. `watch` is called ten times a
    second with the progress, from 0 to 1; training stops when it returns False. Jobs run in `work`, or in worker
    processes that end with the sweep. Raises the errors of `Axes`.
    """
    if not kind_of(config).batch:
        return _jobs(config, work, watch, axes)
    pieces = Sweep(config, **axes)
    while not pieces.done:
        pieces.advance(0.1 if watch else float("inf"))
        if watch and not watch(pieces.progress):
            break
    return pieces.result


def _jobs(
    config: Any,
    work: Workplace | None,
    watch: Callable[[float], bool] | None,
    axes: Mapping[str, Iterable[Any]],
) -> JobSweep:
    if work is not None:
        return JobSweep(config, work, **axes).finish(watch)
    workers = LocalWorkers()
    try:
        return JobSweep(config, workers, **axes).finish(watch)
    finally:
        workers.stop()

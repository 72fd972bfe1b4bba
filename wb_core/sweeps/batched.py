"""A sweep that trains its runs in batches, a slice of time at a time."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..base.fields import with_checked
from ..jobs import LocalWorkers, Workplace
from ..kinds import kind_of
from ..kinds.batching import Batching
from .axes import Axes
from .jobs import JobSweep
from .results import SweepResult


class Sweep:
    """Trains every combination of the given settings: `advance` for a slice of time, or `finish`.

    Raises the errors of `Axes`.
    """

    def __init__(self, config: Any, **axes: Iterable[Any]) -> None:
        self.axes = Axes(config, axes)
        self._batching = batching_of(config)
        self.result = SweepResult(self.axes, self._batching)
        self.epochs = 0  # trained so far, over all runs
        self._judge = self._batching.judge(config)
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

    def _group_runs(self) -> dict[tuple[Any, ...] | None, list[list[int]]]:
        """Groups of runs that can share a batch; each group has one list per number of epochs.

        The lists of a group have the same length, and runs at the same index differ only in their epochs.
        """
        kinds = self.axes.places().get("epochs", np.zeros(len(self.axes), int)).tolist()
        names = self._batching.alike_by(self.axes.config)
        known: dict[tuple[Any, ...], tuple[Any, ...] | None] = {}
        groups: dict[tuple[Any, ...] | None, dict[int, list[int]]] = {}
        for run, (settings, kind) in enumerate(zip(self.axes.all_settings(), kinds, strict=True)):
            grouping = tuple(settings.get(name) for name in names)
            if grouping not in known:
                known[grouping] = self._batching.alike(self.axes.config_of(run))
            groups.setdefault(known[grouping], {}).setdefault(kind, []).append(run)
        return {key: list(parts.values()) for key, parts in groups.items()}

    def _longest_config(self, parts: list[list[int]]) -> Any:
        """A config with the most epochs of a group."""
        return max((self.axes.config_of(places[0]) for places in parts), key=lambda config: config.epochs)

    def _train(self) -> Iterator[None]:
        for parts in self._groups.values():
            longest = self._longest_config(parts)
            size = self._batching.size(longest)
            for start in range(0, len(parts[0]), size):
                yield from self._train_batch([places[start : start + size] for places in parts], longest.epochs)

    def _train_batch(self, parts: list[list[int]], epochs: int) -> Iterator[None]:
        """Train one batch for `epochs`, the most of its runs. A shorter run is the beginning of a longer one."""
        configs, data, data_of = [], [], self._batching.data_of()
        for place in parts[0]:
            configs.append(config := with_checked(self.axes.config_of(place), {"epochs": epochs}))
            data.append(data_of(config))
            yield
        keep = sorted({self.axes.config_of(places[0]).epochs for places in parts})
        batch = self._batching.batch(configs, data, keep)
        yield
        before = self.epochs
        while not batch.done:
            batch.advance()
            self.epochs = before + batch.epochs * len(configs)
            yield
        self.epochs = before + epochs * len(configs)  # a run that diverged has ended earlier
        for places in parts:
            yield from self.result.take(places, batch, self._judge)


def batching_of(config: Any) -> Batching:
    """How runs like this one train as a batch; `TypeError` for a kind whose runs are jobs."""
    kind = kind_of(config)
    if kind.batch is None:
        raise TypeError(f"runs of {kind.label.lower()} do not train in batches")
    return kind.batch


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

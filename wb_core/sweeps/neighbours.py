"""The neighbours of a run: one run for every stop of a slider, trained in batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..base.errors import ConfigError
from ..base.fields import Number, specs
from ..kinds.line.batch import Batch, DataOf, alike
from ..kinds.line.config import LinearConfig
from ..kinds.line.diagnosis import Limits
from ..kinds.line.run import LinearRun
from .batched import batch_size
from .results import LimitsOf, diagnosed_at_once, finite_epochs, label_runs

SHOWN = 200
"""A longer run shows this many of its epochs."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """R runs whose configs differ in one setting, `field`, with the same bits as a `Run` of each.

    `values` (R,) are that setting's values, `limits` (R,) those of the points, `labels` (R,) the diagnoses, `good` (R,)
    whether the result looks like the best line, `diverged_at` (R,) the epoch that could not be recorded, or -1.
    `columns` has the columns of a `History`, (R, E) float32: those of `epochs` (E,), at most `SHOWN` of them with the
    first and the last, counted from 0. Row r has the first `lengths[r]` numbers; the others are not its own.

    The neighbours in `epochs` are all the beginning of one run. They share its numbers, and no epoch is left out.
    """

    field: str
    values: tuple[float, ...]
    epochs: np.ndarray
    lengths: np.ndarray
    columns: Mapping[str, np.ndarray]
    diverged_at: np.ndarray
    labels: tuple[str, ...]
    good: tuple[bool, ...]
    limits: tuple[Limits, ...]


def neighbours(
    config: LinearConfig,
    field: str,
    stops: Sequence[float] | None = None,
    *,
    watch: Callable[[], object] = lambda: None,
) -> Neighbours:
    """Train `config` with every value that the control of `field` offers, or with those in `stops`.

    Values with which the config is not valid are left out. `watch` is called after every epoch of a batch; it may raise
    an error to stop. Raises `ConfigError` for a setting that is no number or does not apply (`neighbours.no_field`),
    for a stop that is out of bounds, for a config with a schedule (`sweep.schedule`), and if no stop is left
    (`neighbours.no_stop`).
    """
    spec = specs(config).get(field)
    if not isinstance(spec, Number) or field == "seed" or not spec.applies(vars(config)):
        allowed = "a number with a slider that applies"
        raise ConfigError("neighbours.no_field", field=field, given=field, allowed=allowed)
    given = spec.stops if stops is None else tuple(spec.check(field, stop) for stop in stops)
    configs = [one for value in dict.fromkeys(given) if (one := _changed(config, field, value)) is not None]
    if not configs:
        raise ConfigError("neighbours.no_stop", field=field, given=stops, allowed="one valid value at least")
    return _prefixes(configs, watch) if field == "epochs" else _batches(configs, field, watch)


def _changed(config: LinearConfig, field: str, value: float) -> LinearConfig | None:
    try:
        return replace(config, **{field: value})  # type: ignore[arg-type]
    except ConfigError as error:
        if error.code != "config.points":
            raise
        return None


def _batches(configs: Sequence[LinearConfig], field: str, watch: Callable[[], object]) -> Neighbours:
    """Neighbours with the same number of epochs, as few batches as possible."""
    runs, epochs, limits_of = len(configs), configs[0].epochs, LimitsOf()
    shown = np.unique(np.linspace(0, epochs - 1, min(epochs, SHOWN)).round().astype(int))
    columns = np.full((len(LinearRun.columns), runs, len(shown)), np.nan, dtype=np.float32)
    done, labels = np.empty(runs, int), np.full(runs, "", object)
    good, limits = np.empty(runs, bool), [limits_of(one) for one in configs]
    groups: dict[object, list[int]] = {}
    for place, one in enumerate(configs):
        groups.setdefault(alike(one), []).append(place)
    data_of = DataOf()
    for places in groups.values():
        size = batch_size(configs[places[0]])
        for first in range(0, len(places), size):
            where = places[first : first + size]
            theirs = [configs[place] for place in where]
            batch = Batch(theirs, [data_of(one) for one in theirs])
            while not batch.done:
                batch.advance()
                watch()
            record = batch.record.permute(2, 1, 0).contiguous().numpy()  # (K, 6, E)
            done[where] = finite = finite_epochs(record)
            columns[:, where] = record[:, :, shown].transpose(1, 0, 2)
            some = diagnosed_at_once(theirs[0].size, epochs)
            for row in range(0, len(where), some):
                part, rows = where[row : row + some], slice(row, row + some)
                of_data = [limits[place] for place in part]
                labels[part], good[part] = label_runs(record[rows], finite[rows], theirs[rows], of_data)
                watch()
    return Neighbours(
        field,
        tuple(getattr(one, field) for one in configs),
        epochs=shown,
        lengths=np.searchsorted(shown, done),
        columns=dict(zip(LinearRun.columns, columns, strict=True)),
        diverged_at=np.where(done < epochs, done, -1),
        labels=tuple(labels),
        good=tuple(good.tolist()),
        limits=tuple(limits),
    )


def _prefixes(configs: Sequence[LinearConfig], watch: Callable[[], object]) -> Neighbours:
    """Neighbours in the number of epochs: a shorter run is the beginning of the longest."""
    longest = max(configs, key=lambda one: one.epochs)
    alike(longest)  # refuses what no batch can be
    batch, limits = Batch([longest]), LimitsOf()(longest)
    while not batch.done:
        batch.advance()
        watch()
    record = batch.record.permute(2, 1, 0).contiguous().numpy()  # (1, 6, E)
    done, values = finite_epochs(record)[0], np.array([one.epochs for one in configs])
    labels, good = [], []
    for one in configs:
        recorded = np.array([min(one.epochs, done)])
        (label,), (looks_best,) = label_runs(record[:, :, : one.epochs], recorded, [one], [limits])
        labels.append(label)
        good.append(bool(looks_best))
        watch()
    shape = len(configs), longest.epochs
    return Neighbours(
        "epochs",
        tuple(values.tolist()),
        epochs=np.arange(longest.epochs),
        lengths=np.minimum(values, done),
        columns={name: np.broadcast_to(record[0, n], shape) for n, name in enumerate(LinearRun.columns)},
        diverged_at=np.where(done < values, done, -1),
        labels=tuple(labels),
        good=tuple(good),
        limits=(limits,) * len(configs),
    )

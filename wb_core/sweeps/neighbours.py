"""The neighbours of a run: one run for every stop of a slider, trained in batches."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..base.errors import ConfigError
from ..base.fields import Number, specs
from ..kinds import kind_of
from ..kinds.batching import Batch, Batching
from .batched import batching_of
from .results import finite_epochs


@dataclass(frozen=True, eq=False)
class Neighbours:
    """R runs whose configs differ in one setting, `field`, with the same bits as a `Run` of each.

    `values` (R,) are that setting's values, `limits` (R,) those of the points (None for a kind without), `labels` (R,)
    the diagnoses, `good` (R,) whether the result looks like the best one, `diverged_at` (R,) the epoch that could not
    be recorded, or -1. `columns` has the columns of a `History`, (R, E) float32, and for points the `parameters`,
    (R, E, P): those of `epochs` (E,), a limited number of them with the first and the last, counted from 0. Row r has
    the first `lengths[r]` numbers; the others are not its own.

    The neighbours in `epochs` are all the beginning of one run. They share its numbers, and no epoch is left out,
    unless there are parameters.
    """

    field: str
    values: tuple[float, ...]
    epochs: np.ndarray
    lengths: np.ndarray
    columns: Mapping[str, np.ndarray]
    diverged_at: np.ndarray
    labels: tuple[str, ...]
    good: tuple[bool, ...]
    limits: tuple[Any, ...]


def neighbours(
    config: Any,
    field: str,
    stops: Sequence[float] | None = None,
    *,
    watch: Callable[[], object] = lambda: None,
) -> Neighbours:
    """Train `config` with every value that the control of `field` offers, or with those in `stops`.

    Values with which the config is not valid are left out. `watch` is called after every epoch of a batch; it may raise
    an error to stop. Raises `ConfigError` for a setting that is no number or does not apply, or decides how many
    parameters there are (`neighbours.no_field`), for a stop that is out of bounds, for a config with a schedule
    (`sweep.schedule`), for one whose runs cannot be a batch (`neighbours.no_batch`), and if no stop is left
    (`neighbours.no_stop`).
    """
    spec, batching = specs(config).get(field), batching_of(config)
    if not isinstance(spec, Number) or field in ("seed", "classes") or not spec.applies(vars(config)):
        allowed = "a number with a slider that applies"
        raise ConfigError("neighbours.no_field", field=field, given=field, allowed=allowed)
    given = spec.stops if stops is None else tuple(spec.check(field, stop) for stop in stops)
    configs = [one for value in dict.fromkeys(given) if (one := _changed(config, field, value)) is not None]
    if not configs:
        raise ConfigError("neighbours.no_stop", field=field, given=stops, allowed="one valid value at least")
    work = _prefixes(configs, batching) if field == "epochs" else _batches(configs, field, batching)
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: Neighbours = end.value
            return found
        watch()


def _changed(config: Any, field: str, value: float) -> Any:
    try:
        return replace(config, **{field: value})
    except ConfigError as error:
        if error.code != "config.points":
            raise
        return None


Work = Generator[None, None, Neighbours]
"""Yields after each piece of work, and ends with the neighbours."""


def _batches(configs: Sequence[Any], field: str, batching: Batching) -> Work:
    """Neighbours with the same number of epochs, as few batches as possible."""
    runs, epochs, judge = len(configs), configs[0].epochs, batching.judge(configs[0])
    shown, data_of = _shown(configs[0], batching), batching.data_of()
    known: dict[tuple[Any, ...], list[int]] = {}
    for place, one in enumerate(configs):
        known.setdefault(_alike(one, field, batching), []).append(place)
    done, columns = np.empty(runs, int), dict[str, np.ndarray]()
    labels, good, limits = np.full(runs, "", object), np.empty(runs, bool), [judge.limits(one) for one in configs]
    for places in known.values():
        size = batching.size(configs[places[0]])
        for first in range(0, len(places), size):
            where = places[first : first + size]
            theirs = [configs[place] for place in where]
            batch = batching.batch(theirs, [data_of(one) for one in theirs], shown + 1)
            while not batch.done:
                batch.advance()
                yield
            record = batch.record.permute(2, 1, 0).contiguous().numpy()  # (K, columns, E)
            done[where] = finite = finite_epochs(record)
            for name, numbers in _columns(batch, record, shown, batching, theirs[0]):
                columns.setdefault(name, np.full((runs, *numbers.shape[1:]), np.nan, np.float32))[where] = numbers
            some = batching.at_once(theirs[0])
            for row in range(0, len(where), some):
                part, rows = where[row : row + some], slice(row, row + some)
                last = batch.parameters(rows, finite[rows])
                labels[part], good[part] = judge.verdicts(theirs[rows], record[rows], finite[rows], last)
                yield
    return Neighbours(
        field,
        tuple(getattr(one, field) for one in configs),
        epochs=shown,
        lengths=np.searchsorted(shown, done),
        columns=columns,
        diverged_at=np.where(done < epochs, done, -1),
        labels=tuple(labels),
        good=tuple(good.tolist()),
        limits=tuple(limits),
    )


def _prefixes(configs: Sequence[Any], batching: Batching) -> Work:
    """Neighbours in the number of epochs: a shorter run is the beginning of the longest."""
    longest, judge = max(configs, key=lambda one: one.epochs), batching.judge(configs[0])
    _alike(longest, "epochs", batching)  # refuses what no batch can be
    values, shown = np.array([one.epochs for one in configs]), np.arange(longest.epochs)
    if batching.with_parameters:
        shown = np.union1d(_shown(longest, batching), values - 1)
    batch, limits = batching.batch([longest], [batching.data(longest)], shown + 1), judge.limits(longest)
    while not batch.done:
        batch.advance()
        yield
    record = batch.record.permute(2, 1, 0).contiguous().numpy()  # (1, columns, E)
    done = finite_epochs(record)[0]
    labels, good = [], []
    for one in configs:
        recorded = np.array([min(one.epochs, done)])
        last = batch.parameters(slice(None), recorded)
        (label,), (looks_best,) = judge.verdicts([one], record[:, :, : one.epochs], recorded, last)
        labels.append(label)
        good.append(bool(looks_best))
        yield
    columns = _columns(batch, record, shown, batching, longest)
    return Neighbours(
        "epochs",
        tuple(values.tolist()),
        epochs=shown,
        lengths=np.searchsorted(shown, np.minimum(values, done)),
        columns={name: np.broadcast_to(numbers[0], (len(configs), *numbers.shape[1:])) for name, numbers in columns},
        diverged_at=np.where(done < values, done, -1),
        labels=tuple(labels),
        good=tuple(good),
        limits=(limits,) * len(configs),
    )


def _alike(config: Any, field: str, batching: Batching) -> tuple[Any, ...]:
    found = batching.alike(config)
    if found is None:
        raise ConfigError("neighbours.no_batch", field=field, given=field, allowed="runs that can be one batch")
    return found


def _shown(config: Any, batching: Batching) -> np.ndarray:
    """The epochs of which neighbours have all numbers."""
    most = min(config.epochs, batching.shown(config))
    return np.unique(np.linspace(0, config.epochs - 1, most).round().astype(int))


def _columns(
    batch: Batch, record: np.ndarray, shown: np.ndarray, batching: Batching, config: Any
) -> Iterator[tuple[str, np.ndarray]]:
    """The numbers of K runs in the epochs `shown` (E,): (K, E), and for their parameters (K, E, P)."""
    for place, name in enumerate(kind_of(config).run.columns):
        yield name, record[:, place, shown].astype(np.float32)
    if batching.with_parameters:
        every = [batch.parameters(slice(None), np.full(len(record), epoch + 1)) for epoch in shown]
        yield "parameters", np.stack(every, axis=1)

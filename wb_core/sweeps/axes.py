"""The settings that a sweep varies and their values. Each combination is one run."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..base.errors import ConfigError
from ..base.fields import specs, with_checked
from ..kinds import kind_of


class Axes:
    """A base config and the values of the settings to vary. Runs are numbered in the order of `itertools.product`.

    Raises `ConfigError` for a value out of bounds, a setting that cannot be varied (`sweep.no_axis`), a setting without
    values (`sweep.empty`), and a sweep over the limits of its kind (`sweep.too_many`, `sweep.too_long`,
    `sweep.too_many_steps`, `sweep.too_many_pictures`; `arithmetic` shows how its size was computed).
    """

    def __init__(self, config: Any, axes: Mapping[str, Iterable[Any]]) -> None:
        self.config = config
        self.kind = kind_of(config)
        known, allowed = specs(config), self.kind.sweepable
        self.values: dict[str, tuple[Any, ...]] = {}
        for name, given in axes.items():
            if name not in allowed:
                raise ConfigError("sweep.no_axis", field=name, given=name, allowed="one of " + ", ".join(allowed))
            if isinstance(given, str) or not isinstance(given, Iterable):
                raise ConfigError("sweep.empty", field=name, given=given, allowed="a list of values")
            # Stop at one more than allowed: the iterable may be endless.
            some = tuple(itertools.islice(given, self.kind.sweep_limit.runs + 1))
            if not some:
                raise ConfigError("sweep.empty", field=name, given=given, allowed="a list of one value at least")
            self._check_count({**self.values, name: some})
            self.values[name] = tuple(known[name].check(name, value) for value in some)
        self._check_steps()

    def __len__(self) -> int:
        """The number of runs."""
        return math.prod(map(len, self.values.values()))

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of values on each axis."""
        return tuple(map(len, self.values.values()))

    def settings(self, run: int) -> dict[str, Any]:
        """The value of each axis for a run. Raises `IndexError` for an unknown run."""
        if not 0 <= run < len(self):
            raise IndexError(f"run {run} of {len(self)}")
        found = {}
        for name, values in reversed(self.values.items()):
            run, place = divmod(run, len(values))
            found[name] = values[place]
        return {name: found[name] for name in self.values}

    def config_of(self, run: int) -> Any:
        """The config of a run."""
        return with_checked(self.config, self.settings(run))

    def all_settings(self) -> Iterator[dict[str, Any]]:
        """The settings of every run, in order."""
        combinations = itertools.product(*self.values.values())
        return (dict(zip(self.values, combination, strict=True)) for combination in combinations)

    def places(self) -> dict[str, np.ndarray]:
        """For each axis, the index of every run's value: (runs,) int64."""
        if not self.values:
            return {}
        return dict(zip(self.values, np.unravel_index(np.arange(len(self)), self.shape), strict=True))

    def _check_count(self, values: Mapping[str, tuple[Any, ...]]) -> None:
        most = self.kind.sweep_limit.runs
        sizes = [len(some) for some in values.values()]
        if (runs := math.prod(sizes)) > most:
            self._refuse("sweep.too_many", " × ".join(f"{size:,}" for size in sizes) + f" = {runs:,}", most)

    def _check_steps(self) -> None:
        epochs = self.values.get("epochs", (self.config.epochs,))
        others = len(self) // len(epochs)
        each = f"{epochs[0]:,}" if len(epochs) == 1 else f"({' + '.join(f'{n:,}' for n in epochs[:4])}, …)"
        limit = self.kind.sweep_limit
        each_epoch = self._work_per_epoch()
        if (work := others * sum(epochs) * each_epoch) > limit.work:
            factors = [f"{others:,}", each, *([] if each_epoch == 1 else [f"{each_epoch:,}"])]
            self._refuse(limit.code, f"{' × '.join(factors)} = {work:,}", limit.work)

    def _work_per_epoch(self) -> int:
        """The work of an epoch of the base config, or with the value of one axis that makes it the most."""
        work = self.kind.sweep_limit.work_per_epoch
        values = ({name: value} for name, some in self.values.items() if name != "seed" for value in some)
        return max(work(with_checked(self.config, one)) for one in ({}, *values))

    def _refuse(self, code: str, arithmetic: str, most: int) -> None:
        field = next(iter(self.values), "lr")
        allowed = f"at most {most:,}, not {arithmetic}"
        raise ConfigError(code, field=field, given=arithmetic, allowed=allowed, arithmetic=arithmetic, most=f"{most:,}")

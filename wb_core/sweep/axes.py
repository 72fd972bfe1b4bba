"""The settings that a sweep varies, with their values: one run for each combination."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..config import LinearConfig
from ..errors import ConfigError
from ..fields import specs

AXES = (
    *("lr", "loss", "optimizer", "momentum", "seed", "noise", "weight", "bias"),
    *("train_fraction", "epochs", "model"),
)
"""The settings of a line that can be varied. None of them changes how many points there are, or where."""

MOST_RUNS = 100_000
MOST_STEPS = 100_000_000
"""A sweep has at most so many runs, and so many epochs in all of them together: about half a minute."""


class Axes:
    """A config and the values of some of its settings. Runs are numbered as `itertools.product` gives them.

    Raises `ConfigError` for a value that is not allowed, for a setting that cannot be varied (`sweep.no_axis`), for one
    without a value (`sweep.empty`), and for more than can be asked of one server (`sweep.too_many`, `sweep.too_long`),
    with the arithmetic in `arithmetic`.
    """

    def __init__(self, config: LinearConfig, axes: Mapping[str, Iterable[Any]]) -> None:
        self.config = config
        known = specs(config)
        self.values: dict[str, tuple[Any, ...]] = {}
        for name, given in axes.items():
            if name not in AXES:
                raise ConfigError("sweep.no_axis", field=name, given=name, allowed="one of " + ", ".join(AXES))
            if isinstance(given, str) or not isinstance(given, Iterable):
                raise ConfigError("sweep.empty", field=name, given=given, allowed="a list of values")
            # One more than allowed is enough to refuse it, however long the list is.
            some = tuple(itertools.islice(given, MOST_RUNS + 1))
            if not some:
                raise ConfigError("sweep.empty", field=name, given=given, allowed="a list of one value at least")
            self._check_count({**self.values, name: some})
            self.values[name] = tuple(known[name].check(name, value) for value in some)
        self._check_steps()

    def __len__(self) -> int:
        """How many runs there are."""
        return math.prod(map(len, self.values.values()))

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each axis has."""
        return tuple(map(len, self.values.values()))

    def settings(self, run: int) -> dict[str, Any]:
        """The values that a run has on the axes; `IndexError` if there is no such run."""
        if not 0 <= run < len(self):
            raise IndexError(f"run {run} of {len(self)}")
        found = {}
        for name, values in reversed(self.values.items()):
            run, place = divmod(run, len(values))
            found[name] = values[place]
        return {name: found[name] for name in self.values}

    def config_of(self, run: int) -> LinearConfig:
        """The config of a run."""
        return self.config.with_checked(self.settings(run))

    def all_settings(self) -> Iterator[dict[str, Any]]:
        """The values of every run, in order."""
        combinations = itertools.product(*self.values.values())
        return (dict(zip(self.values, combination, strict=True)) for combination in combinations)

    def places(self) -> dict[str, np.ndarray]:
        """For each axis, which of its values every run has, in order: (runs,)."""
        if not self.values:
            return {}
        return dict(zip(self.values, np.unravel_index(np.arange(len(self)), self.shape), strict=True))

    def _check_count(self, values: Mapping[str, tuple[Any, ...]]) -> None:
        sizes = [len(some) for some in values.values()]
        if (runs := math.prod(sizes)) > MOST_RUNS:
            self._refuse("sweep.too_many", " × ".join(f"{size:,}" for size in sizes) + f" = {runs:,}", MOST_RUNS)

    def _check_steps(self) -> None:
        epochs = self.values.get("epochs", (self.config.epochs,))
        others = len(self) // len(epochs)
        if (steps := others * sum(epochs)) > MOST_STEPS:
            each = f"{epochs[0]:,}" if len(epochs) == 1 else f"({' + '.join(f'{n:,}' for n in epochs[:4])}, …)"
            self._refuse("sweep.too_long", f"{others:,} × {each} = {steps:,}", MOST_STEPS)

    def _refuse(self, code: str, arithmetic: str, most: int) -> None:
        field = next(iter(self.values), "lr")
        allowed = f"at most {most:,}, not {arithmetic}"
        raise ConfigError(code, field=field, given=arithmetic, allowed=allowed, arithmetic=arithmetic, most=f"{most:,}")

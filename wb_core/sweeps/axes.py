"""The settings that a sweep varies, with their values: one run for each combination."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import numpy as np

from ..base.errors import ConfigError
from ..base.fields import specs, with_checked
from ..kinds.images.config import ImageConfig
from ..kinds.images.data import SIZES
from ..kinds.line.config import LinearConfig

AXES: dict[type, tuple[str, ...]] = {
    LinearConfig: (
        *("lr", "loss", "optimizer", "momentum", "seed", "noise", "weight", "bias"),
        *("train_fraction", "epochs", "model"),
    ),
    ImageConfig: ("lr", "model", "hidden_units", "batch_size", "optimizer", "momentum", "seed", "epochs"),
}
"""The settings that can be varied, of a line and of pictures.

None of a line changes how many points there are, or where.
"""

MOST_RUNS = 100_000
MOST_STEPS = 100_000_000
"""A sweep of lines has at most so many runs, and so many epochs in all of them together: about half a minute."""

MOST_JOBS = 100
MOST_PICTURES = 30_000_000
"""A sweep of pictures has at most so many runs, which look at so many training pictures: about half an hour."""

Config = TypeVar("Config", LinearConfig, ImageConfig)


class Axes(Generic[Config]):
    """A config and the values of some of its settings. Runs are numbered as `itertools.product` gives them.

    Raises `ConfigError` for a value that is not allowed, for a setting that cannot be varied (`sweep.no_axis`), for one
    without a value (`sweep.empty`), and for more than can be asked of one server (`sweep.too_many`, `sweep.too_long`,
    `sweep.too_many_pictures`), with the arithmetic in `arithmetic`.
    """

    def __init__(self, config: Config, axes: Mapping[str, Iterable[Any]]) -> None:
        self.config: Config = config
        known, allowed = specs(config), AXES[type(config)]
        self.values: dict[str, tuple[Any, ...]] = {}
        for name, given in axes.items():
            if name not in allowed:
                raise ConfigError("sweep.no_axis", field=name, given=name, allowed="one of " + ", ".join(allowed))
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

    def config_of(self, run: int) -> Config:
        """The config of a run."""
        return with_checked(self.config, self.settings(run))

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
        most = MOST_RUNS if isinstance(self.config, LinearConfig) else MOST_JOBS
        sizes = [len(some) for some in values.values()]
        if (runs := math.prod(sizes)) > most:
            self._refuse("sweep.too_many", " × ".join(f"{size:,}" for size in sizes) + f" = {runs:,}", most)

    def _check_steps(self) -> None:
        epochs = self.values.get("epochs", (self.config.epochs,))
        others = len(self) // len(epochs)
        each = f"{epochs[0]:,}" if len(epochs) == 1 else f"({' + '.join(f'{n:,}' for n in epochs[:4])}, …)"
        if isinstance(self.config, LinearConfig):
            if (steps := others * sum(epochs)) > MOST_STEPS:
                self._refuse("sweep.too_long", f"{others:,} × {each} = {steps:,}", MOST_STEPS)
            return
        pictures = SIZES[self.config.dataset][0]
        if (seen := others * sum(epochs) * pictures) > MOST_PICTURES:
            arithmetic = f"{others:,} × {each} × {pictures:,} = {seen:,}"
            self._refuse("sweep.too_many_pictures", arithmetic, MOST_PICTURES)

    def _refuse(self, code: str, arithmetic: str, most: int) -> None:
        field = next(iter(self.values), "lr")
        allowed = f"at most {most:,}, not {arithmetic}"
        raise ConfigError(code, field=field, given=arithmetic, allowed=allowed, arithmetic=arithmetic, most=f"{most:,}")

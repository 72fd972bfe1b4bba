"""Many runs of a kind as one batch: what the code outside the folders of the kinds knows of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch


class Batch(Protocol):
    """R runs that train together, each with the bits that it has alone.

    `record` (E, columns, R) has the columns of a `History`, epoch by epoch. A run whose
    numbers are no longer finite is invalid from there.
    """

    record: torch.Tensor

    @property
    def epochs(self) -> int:
        """How many epochs ran."""
        ...

    @property
    def done(self) -> bool:
        """Whether all epochs ran."""
        ...

    def advance(self) -> None:
        """Train all runs for an epoch or more, and record it."""
        ...

    def parameters(self, rows: slice, epochs: np.ndarray) -> np.ndarray:
        """All parameters of some runs, each after so many epochs: (K,) -> (K, P) float32; nan if they were not kept."""
        ...


class Judge(ABC):
    """Says how runs ended. It remembers what it found out about points that several of them share."""

    def limits(self, config: Any) -> Any:
        """What the points of a config allow; None for a kind that need not know it before."""
        return None

    @abstractmethod
    def verdicts(
        self, configs: Sequence[Any], record: np.ndarray, epochs: np.ndarray, parameters: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The labels of R runs and which of them are good, (R,) each, as the kind's `diagnose` has them.

        `record` (R, columns, E) has the first `epochs` (R,) epochs of each, `parameters` (R, P) those after the last.
        """


@dataclass(frozen=True, eq=False)
class Batching:
    """How runs of a kind train as one batch.

    `alike(config)` is what configs in one batch share besides the number of epochs, None for a config whose run trains
    alone; it depends on the settings that `alike_by(config)` names. `size(config)` is how many runs like this one a
    batch may have. `data(config)` makes the points, which are equal for equal `data_key(config)`.

    `batch(configs, data, keep)` begins a batch on the points of each config, the same object for equal points. It keeps
    the parameters after the numbers of epochs in `keep`, the last of which is that of the configs.

    `judge(config)` is for runs like this one, of which `at_once(config)` may be judged at a time. `learned` names the
    parameters, for a kind that has few enough for a table. `shown(config)` is of how many epochs neighbours have all
    numbers, and `with_parameters` says whether the parameters are among them.
    """

    alike: Callable[[Any], tuple[Any, ...] | None]
    alike_by: Callable[[Any], Sequence[str]]
    size: Callable[[Any], int]
    data: Callable[[Any], Any]
    data_key: Callable[[Any], tuple[Any, ...]]
    batch: Callable[[Sequence[Any], Sequence[Any], Collection[int]], Batch]
    judge: Callable[[Any], Judge]
    at_once: Callable[[Any], int]
    shown: Callable[[Any], int]
    learned: Sequence[str] = ()
    with_parameters: bool = False

    def data_of(self) -> Callable[[Any], Any]:
        """Makes the points of configs, once for all runs with the same."""
        made: dict[tuple[Any, ...], Any] = {}

        def data(config: Any) -> Any:
            if (key := self.data_key(config)) not in made:
                made[key] = self.data(config)
            return made[key]

        return data

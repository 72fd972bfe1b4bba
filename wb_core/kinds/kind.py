"""The description of a kind of training. All code outside its folder reads this, and names no kind."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.diagnosis import Diagnosis
from ..base.fields import specs
from ..base.workflow import Workflow
from .batching import Batching
from .run import Run

Shape = tuple[int, ...]


LARGEST = sys.float_info.max / 2
"""The highest of a loss: it is still finite after rounding."""


@dataclass(frozen=True)
class Metric:
    """A column of the history by which runs are compared, and its largest possible value."""

    name: str
    highest: float
    higher_is_better: bool = False


@dataclass(frozen=True)
class SweepLimit:
    """The limits of one sweep: the number of `runs`, and their total `work`.

    `work_per_epoch` is the work of one epoch of a config. A larger sweep fails with `code`.
    """

    runs: int
    work: int
    work_per_epoch: Callable[[Any], int]
    code: str


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of training.

    `id` names it in files and never changes; `label` is an English message id; `page` is the address of its lab, "" if
    it has none. `config` and `run` are its classes, `metrics` the columns of its history by which runs are compared.
    `checkpoint_name(config)` is the name of a checkpoint's file. `fitting(config, shapes)` are configs like this one
    whose model may have the tensors of a file, given the shapes in each of its tables.

    `workflow(config, say, start)` makes the code of a run. `diagnose(history, config, ...)` is the kind's own
    diagnosis, whose labels are `diagnoses`, with the labels of its `findings`. `warm_up` trains a little, so that a
    worker's first job is not slow.

    `batch` says how many runs are trained as one batch; runs of other kinds are jobs. `load_data(config)`
    returns the data that jobs share, which has an `arrays()` method; `data_from_arrays` restores it from these arrays.
    A kind that makes its data from the config has neither. `test_size(config)` is the number of stored predictions in a
    record, None for a kind whose records have none.
    """

    id: str
    label: str
    page: str
    config: type
    run: type[Run]
    metrics: Sequence[Metric]
    checkpoint_name: Callable[[Any], str]
    fitting: Callable[[Any, Sequence[Sequence[Shape]]], Iterator[Any]]
    workflow: Callable[[Any, Callable[[str], str], Any], Workflow]
    diagnose: Callable[..., Diagnosis]
    diagnoses: Sequence[str]
    findings: Sequence[str]
    warm_up: Callable[[], None]
    sweep_limit: SweepLimit
    batch: Batching | None = None
    load_data: Callable[[Any], Any] | None = None
    data_from_arrays: Callable[..., Any] | None = None
    test_size: Callable[[Any], int] | None = None

    @property
    def sweepable(self) -> tuple[str, ...]:
        """The settings that can be axes of a sweep: the learning rate, those of training, of the model, of the data."""
        known = specs(self.config)
        names = [name for name, spec in known.items() if spec.sweepable]
        groups = ("training", "model", "data")
        return tuple(sorted(names, key=lambda name: (name != "lr", groups.index(known[name].group))))

    @property
    def next_training(self) -> tuple[str, ...]:
        """The settings whose change shows only in the next training."""
        return tuple(name for name, spec in specs(self.config).items() if not spec.live)

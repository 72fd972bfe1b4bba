"""A job, its report, and the interface of the workplaces that run jobs."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, overload

import numpy as np
import torch
from numpy.typing import NDArray

from ..base.errors import WorkbenchError
from ..base.evaluation import Evaluation

State = Literal["queued", "starting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Job:
    """A training to be done in another process, as plain data.

    `weights` are initial float32 tensors by name, such as those of a checkpoint; without them the seed decides. With
    `train=False` the weights are only tested. In a queue, all other jobs go before `low_priority` ones, such as
    those of a sweep.
    """

    config: Any
    weights: Mapping[str, torch.Tensor] | None = None
    train: bool = True
    low_priority: bool = False


class Rows(Sequence[dict[str, float]]):
    """The recorded epochs, a dict for each; `columns` names the columns of `values` (epochs, columns).

    It never changes: later epochs are in the rows of a later report.
    """

    def __init__(self, columns: Sequence[str], values: NDArray[np.float64]) -> None:
        self.columns = tuple(columns)
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, epoch: int) -> dict[str, float]: ...
    @overload
    def __getitem__(self, epoch: slice) -> "Rows": ...
    def __getitem__(self, epoch: int | slice) -> "dict[str, float] | Rows":
        if isinstance(epoch, slice):
            return Rows(self.columns, self.values[epoch])
        return dict(zip(self.columns, self.values[epoch].tolist(), strict=True))

    def __iter__(self) -> Iterator[dict[str, float]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.values.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __repr__(self) -> str:
        return f"Rows({list(self)!r})"

    def column(self, name: str) -> list[float]:
        """All numbers of a column, epoch by epoch."""
        numbers: list[float] = self.values[:, self.columns.index(name)].tolist()
        return numbers


def _none(*shape: int, dtype: type[Any]) -> Any:
    values = np.empty(shape, dtype)
    values.flags.writeable = False
    return values


NO_ROWS = Rows((), _none(0, 0, dtype=np.float64))
NO_LOSSES: NDArray[np.float32] = _none(0, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Report:
    """The state of a job at one moment. It never changes.

    `place` is the place in the queue: 1 is next, 0 means that the job does not wait or that its place is unknown.
    `tries` is how often the job was started: a cluster restarts it from the beginning when its node is lost.

    `rows` has the recorded epochs. In the current epoch, `batch` of `batches` batches are done, `seen` of `samples`
    images were used, and `running_loss` is their mean loss. `batch_losses` (N,) float32 has every batch so far,
    `seconds` is the training time. `evaluation` is the last test and `weights` the tested state_dict, on the CPU; both
    stay when the job is cancelled or crashes. `error` says why a job failed.
    """

    job: Job
    state: State
    place: int = 0
    rows: Sequence[dict[str, float]] = field(default_factory=lambda: NO_ROWS)
    batch: int = 0
    batches: int = 0
    seen: int = 0
    samples: int = 0
    batch_losses: NDArray[np.float32] = field(default_factory=lambda: NO_LOSSES)
    running_loss: float = math.nan
    seconds: float = 0.0
    evaluation: Evaluation | None = None
    weights: Mapping[str, torch.Tensor] | None = None
    diverged_at: int | None = None
    device: str = "cpu"
    tries: int = 1
    error: WorkbenchError | None = None

    @property
    def finished(self) -> bool:
        """Whether this report is the last: the job is done, failed or cancelled."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def nbytes(self) -> int:
        """How many bytes its weights, logits and batch losses take."""
        tensors = [*(self.weights or {}).values(), *(self.job.weights or {}).values()]
        tensors += [self.evaluation.logits] if self.evaluation else []
        return sum(tensor.nbytes for tensor in tensors) + self.batch_losses.nbytes


class Workplace(Protocol):
    """Runs jobs: in processes on this machine, or in a cluster."""

    def submit(self, job: Job) -> str:
        """Accept a job and return its ticket, a secret that gives access to the job."""

    def poll(self, ticket: str) -> Report:
        """The latest report of a job; `JobError` for a ticket that is unknown or no longer known."""

    def cancel(self, ticket: str) -> None:
        """End a job within half a second, or remove it from the queue; does nothing to a finished one."""

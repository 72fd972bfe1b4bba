"""What a job is, what is known of one, and what the place where jobs run must be able to do."""

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
    """A training to be done elsewhere, as plain data.

    `weights` are float32 tensors by name to begin with, such as those of a checkpoint; without them they come from the
    seed. With `train=False` nothing is learned: the weights are tested, and that is all. A `low_priority` job is one of
    many, such as those of a sweep: in a queue, all others go first.
    """

    config: Any
    weights: Mapping[str, torch.Tensor] | None = None
    train: bool = True
    low_priority: bool = False


class Rows(Sequence[dict[str, float]]):
    """What a history records of each epoch, a dict for each: `columns` names the numbers of `values` (epochs, columns).

    It never changes: what is recorded later is in the rows of a later report.
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
    """What is known of a job at one moment; it never changes.

    `place` in the queue: 1 is the next, 0 does not wait, or waits where nobody can tell its place. `tries` is how often
    the job was begun: a cluster begins it again, from nothing, when it has lost the computer that did it.

    `rows` is what the history records of each epoch. Of the epoch under way: so many of its `batches` are done
    (`batch`), so many of its pictures (`samples`) were `seen`, and `running_loss` is their mean loss. `batch_losses`
    (N,) float32 has every batch so far, and `seconds` is what the training took. `evaluation` is the last test and
    `weights` the state_dict that it tested, on the CPU: what a job has learned is kept when it is cancelled or crashes.
    `error` says why a job failed.
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
        """Whether nothing more will come: the job is done, failed or cancelled."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def nbytes(self) -> int:
        """How much memory the numbers in it take."""
        tensors = [*(self.weights or {}).values(), *(self.job.weights or {}).values()]
        tensors += [self.evaluation.logits] if self.evaluation else []
        return sum(tensor.nbytes for tensor in tensors) + self.batch_losses.nbytes


class Workplace(Protocol):
    """Where jobs run: processes of this machine, or a cluster."""

    def submit(self, job: Job) -> str:
        """Take a job, and give the ticket by which alone it can be asked for; nobody can guess it."""

    def poll(self, ticket: str) -> Report:
        """What is known of a job now; `JobError` for a ticket that is not known, or not any more."""

    def cancel(self, ticket: str) -> None:
        """End a job within half a second, or take it out of the queue; nothing happens to one that has ended."""

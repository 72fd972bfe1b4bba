"""A job, its report, and the interface of the workplaces that run jobs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from ..base.errors import WorkbenchError
from ..kinds import kind_of
from ..records import RunRecord


@dataclass(frozen=True)
class Job:
    """A training to be done in another process, as plain data.

    `weights` are initial float32 tensors by name, such as those of a checkpoint; without them the seed decides. With
    `train=False` the weights are only tested. In a queue, all other jobs go before `low_priority` ones, such as
    those of a sweep. Jobs of the same `owner` take turns with those of others; no worker learns who it is.
    """

    config: Any
    weights: Mapping[str, torch.Tensor] | None = None
    train: bool = True
    low_priority: bool = False
    owner: str = ""


NO_LOSSES: NDArray[np.float32] = np.empty(0, np.float32)
NO_LOSSES.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Report(RunRecord):
    """The record of a job at one moment, with its progress. It never changes.

    `place` is the place in the queue: 1 is next, 0 means that the job does not wait or that its place is unknown.
    `tries` is how often the job was started: a cluster restarts it from the beginning when its node is lost.

    In the current epoch, `batch` of `batches` batches are done, `seen` of `samples` images were used, and
    `running_loss` is their mean loss. `batch_losses` (N,) float32 has every batch so far. What the job has learned
    stays when it is cancelled or crashes. `error` says why a job failed.
    """

    config: Any = field(init=False)  # that of the job
    job: Job
    place: int = 0
    batch: int = 0
    batches: int = 0
    seen: int = 0
    samples: int = 0
    batch_losses: NDArray[np.float32] = field(default_factory=lambda: NO_LOSSES)
    running_loss: float = math.nan
    tries: int = 1
    error: WorkbenchError | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "config", self.job.config)
        observed = {"evaluation": self.evaluation, "batch_losses": self.batch_losses}
        object.__setattr__(self, "observed", observed if kind_of(self.config).test_size else {})

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

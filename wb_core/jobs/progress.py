"""The server's record of a job: its latest report, which each message of the worker updates."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..base.errors import JobError
from ..base.evaluation import Evaluation
from ..base.wire import Arrays, expect
from ..kinds import kind_of
from ..records import Rows
from .job import Job, Report
from .message import tensors, unpack_error


class Growing:
    """An array that grows at its end. Earlier views never change."""

    def __init__(self, *shape: int, dtype: type[Any]) -> None:
        self._values = np.empty((16, *shape), dtype)
        self._count = 0

    def extend(self, more: NDArray[Any]) -> None:
        """Append along the first dimension."""
        count = self._count + len(more)
        if count > len(self._values):
            larger = np.empty((2 * count, *self._values.shape[1:]), self._values.dtype)
            larger[: self._count] = self._values[: self._count]
            self._values = larger
        self._values[self._count : count] = more
        self._count = count

    def __len__(self) -> int:
        return self._count

    def view(self) -> NDArray[Any]:
        """A read-only view of everything so far."""
        values = self._values[: self._count]
        values.flags.writeable = False
        return values


class JobProgress:
    """A job from its first report to its last. A restarted job begins a new one, with its number of `tries`."""

    def __init__(self, job: Job, tries: int = 1) -> None:
        self.report = Report(job, state="queued", tries=tries)
        run_class = kind_of(job.config).run
        self.columns = tuple(run_class.columns)
        self._rows = Growing(len(self.columns), dtype=np.float64)
        self._losses = Growing(dtype=np.float32)
        self._max_losses = run_class.max_batches(job.config)

    def newer(self, fields: Mapping[str, Any], arrays: Arrays) -> Report:
        """The report after a message of the worker; `ValueError` if the message is not valid."""
        try:
            return self._newer(fields, arrays)
        except (TypeError, KeyError, RecursionError) as error:
            raise ValueError("this is not a message of ours") from error

    def _newer(self, fields: Mapping[str, Any], arrays: Arrays) -> Report:
        if "error" in fields:
            return replace(self.report, state="failed", error=unpack_error(fields))
        rows, losses = arrays["rows"], arrays["losses"]
        expect(rows.dtype == np.float64 and rows.ndim == 2 and rows.shape[1] == len(self.columns))
        expect(losses.dtype == np.float32 and losses.ndim == 1)
        expect(len(self._rows) + len(rows) <= self.report.job.config.epochs)
        expect(len(self._losses) + len(losses) <= self._max_losses)
        told: dict[str, Any] = {name: _count(fields[name]) for name in ("batch", "batches", "seen", "samples")}
        told |= {name: _number(fields[name]) for name in ("running_loss", "seconds")}
        if fields["diverged_at"] is not None:
            told["diverged_at"] = _count(fields["diverged_at"])
        if "logits" in arrays:
            loss, accuracy = map(_number, fields["evaluation"])
            told["evaluation"] = Evaluation(loss, accuracy, torch.from_numpy(arrays["logits"].copy()))
        if weights := tensors(arrays):
            told["weights"] = weights
        self._rows.extend(rows)
        self._losses.extend(losses)
        return replace(
            self.report,
            state="done" if fields["done"] is True else "running",
            rows=Rows(self.columns, self._rows.view()),
            batch_losses=self._losses.view(),
            device=str(fields["device"])[:20],
            **told,
        )


def crashed() -> JobError:
    """The error for a worker that ended without a last message."""
    return JobError("job.crashed", "the process that did this job ended before its time")


def unknown() -> JobError:
    """The error for a ticket that was never issued, or whose job was forgotten."""
    return JobError("job.unknown", "no job is known by this ticket, or not any more")


def _count(value: Any) -> int:
    expect(type(value) is int and 0 <= value < 2**53)
    return int(value)


def _number(value: Any) -> float:
    expect(type(value) is float)
    return float(value)

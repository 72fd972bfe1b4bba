"""Does a job: makes its run, trains it, and yields messages about its progress."""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base.errors import WorkbenchError
from ..base.evaluation import Evaluation
from ..base.wire import Arrays
from ..kinds import kind_of
from ..kinds.run import Run
from .job import Job
from .message import error_fields, named, unpack_job

PACE = 0.1
"""Seconds of training between two messages."""

MAX_TRACEBACK = 10_000

Message = tuple[Mapping[str, Any], Arrays]
"""Fields and arrays, as `JobProgress.newer` takes them."""


def messages(fields: Mapping[str, Any], arrays: Arrays, shared: Sequence[NDArray[Any]] = ()) -> Iterator[Message]:
    """Do the job that a message contains, and yield messages about its progress, the last one when it is done.

    `shared` are the arrays of its data set, if they are in memory already.
    """
    try:
        job = unpack_job(fields, arrays)
        run = _run_of(job, shared)
        news = _News(run)
        yield news.since_last()
        if job.train:
            while not run.done:
                run.advance(seconds=PACE)
                yield news.since_last()
        yield news.last(tested=not job.train)
    except WorkbenchError as error:
        yield error_fields(error), {}
    except Exception:  # noqa: BLE001  # the server must hear of every error
        yield {"traceback": traceback.format_exc()[-MAX_TRACEBACK:]}, {}


def _run_of(job: Job, shared: Sequence[NDArray[Any]]) -> Run:
    kind = kind_of(job.config)
    data = {"data": kind.data_from_arrays(*shared)} if shared and kind.data_from_arrays else {}
    run = kind.run(job.config, **data)
    if job.weights is not None:
        model = run.fresh_model()
        model.load_state_dict(dict(job.weights))
        run.adopt(model)
    return run


class _News:
    """Collects what has happened in a run since the last message."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._rows = self._losses = 0

    def since_last(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """The fields and arrays of the next message; after an epoch they include its weights and its test."""
        run, first = self._run, self._rows
        self._rows = run.epoch
        rows = [tuple(run.history.row(epoch).values()) for epoch in range(first, run.epoch)]
        fields: dict[str, Any] = {"done": False, "seconds": run.seconds, "device": run.device.type}
        fields |= {"diverged_at": run.diverged_at, **vars(run.progress())}
        arrays: dict[str, NDArray[Any]] = {
            "rows": np.array(rows, np.float64).reshape(len(rows), len(run.columns)),
            "losses": np.array(run.batch_losses[self._losses :], np.float32),
        }
        self._losses += len(arrays["losses"])
        if rows and run.evaluation:
            self._add_test(run.evaluation, fields, arrays)
        if rows:
            arrays |= named(run.recorded_weights)
        return fields, arrays

    def last(self, *, tested: bool) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """The last message, with the final weights; if `tested`, with a test of them."""
        run = self._run
        fields, arrays = self.since_last()
        if tested and (evaluation := run.test()):
            self._add_test(evaluation, fields, arrays)
        return fields | {"done": True}, arrays | named(run.recorded_weights)

    def _add_test(self, evaluation: Evaluation, fields: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        fields["evaluation"] = [evaluation.loss, evaluation.accuracy]
        arrays["logits"] = evaluation.logits.numpy()

"""A job as it is done, wherever that is: a run, and the messages that tell how it goes."""

import traceback
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..base.errors import WorkbenchError
from ..kinds.images.config import ImageConfig
from ..kinds.images.data import ImageData, Pictures
from ..kinds.images.run import ImageRun
from ..kinds.line.run import LinearRun
from ..kinds.run import Run
from .job import Job
from .message import Arrays, error_fields, named, unpack_job

PACE = 0.1
"""Seconds of training between two messages."""

MOST_TRACEBACK = 10_000

Message = tuple[Mapping[str, Any], Arrays]
"""Fields and arrays, as `Record.newer` takes them."""


def messages(fields: Mapping[str, Any], arrays: Arrays, data: ImageData | None = None) -> Iterator[Message]:
    """Do the job that a message brings, and tell how it goes, until the last message has told the end.

    `data` are the pictures, where somebody has them already.
    """
    try:
        job = unpack_job(fields, arrays)
        run = _run_of(job, data)
        news = _News(run)
        yield news.since_last()
        if job.train:
            while not run.done:
                run.advance(seconds=PACE)
                yield news.since_last()
        yield news.last(tested=not job.train)
    except WorkbenchError as error:
        yield error_fields(error), {}
    except Exception:  # noqa: BLE001  # whatever it is, the server must hear of it
        yield {"traceback": traceback.format_exc()[-MOST_TRACEBACK:]}, {}


def arrays_of(data: ImageData) -> tuple[NDArray[Any], ...]:
    """Pictures as the arrays that `data_from` takes: pixels (N, 28, 28) uint8 and classes (N,), twice."""
    parts = (data.train.pixels, data.train.y, data.test.pixels, data.test.y)
    return tuple(part.numpy() for part in parts)


def data_from(*arrays: NDArray[Any]) -> ImageData | None:
    """Pictures in the memory of these arrays, which is not to be written to; None without arrays."""
    if not arrays:
        return None
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
        pixels, y, test_pixels, test_y = map(torch.from_numpy, arrays)
    return ImageData(Pictures(pixels, y), Pictures(test_pixels, test_y))


def _run_of(job: Job, data: ImageData | None) -> Run:
    config = job.config
    run: Run = ImageRun(config, data=data) if isinstance(config, ImageConfig) else LinearRun(config)
    if job.weights is not None:
        model = run.fresh_model()
        model.load_state_dict(dict(job.weights))
        run.adopt(model)
    return run


class _News:
    """What has happened in a run since it was last told."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._rows = self._losses = 0

    def since_last(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """The fields and arrays of a message; after an epoch with the weights that it led to and their test."""
        run, first = self._run, self._rows
        self._rows = run.epoch
        rows = [tuple(run.history.row(epoch).values()) for epoch in range(first, run.epoch)]
        fields: dict[str, Any] = {"done": False, "seconds": run.seconds, "device": run.device.type}
        fields |= {"diverged_at": run.diverged_at, "batch": 0, "batches": 0, "seen": 0, "samples": 0}
        arrays: dict[str, NDArray[Any]] = {
            "rows": np.array(rows, np.float64).reshape(len(rows), len(run.columns)),
            "losses": np.empty(0, np.float32),
        }
        fields["running_loss"] = float("nan")
        if isinstance(run, ImageRun):
            arrays["losses"] = np.array(run.batch_losses[self._losses :], np.float32)
            self._losses = len(run.batch_losses)
            fields |= {"batch": run.batch, "batches": run.batches, "seen": run.seen}
            fields |= {"samples": len(run.data.train), "running_loss": run.running_loss}
            if rows and run.exam:
                fields["exam"] = [run.exam.loss, run.exam.accuracy]
                arrays["logits"] = run.exam.logits.numpy()
        if rows:
            arrays |= named(run.recorded_weights)
        return fields, arrays

    def last(self, *, tested: bool) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """The last message, with the weights that are left; `tested` ones with a test of them."""
        run = self._run
        fields, arrays = self.since_last()
        if tested and isinstance(run, ImageRun):
            exam = run.test()
            fields["exam"] = [exam.loss, exam.accuracy]
            arrays["logits"] = exam.logits.numpy()
        return fields | {"done": True}, arrays | named(run.recorded_weights)

"""The other process. It has torch and the engine in memory, and does each job in a child with one thread.

Started by process.py.
"""

import contextlib
import os
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..config import ImageConfig, LinearConfig
from ..data import fashion_mnist, find_folder
from ..errors import DataError, WorkbenchError
from ..processes import serve_from
from ..run import ImageRun, LinearRun, Run
from .job import Job
from .message import READY, error_fields, named, pack, receive, unpack_job

PACE = 0.1
"""Seconds of training between two messages."""

NICENESS = 10
MOST_TRACEBACK = 10_000


def main(mode: str) -> None:
    """Serve jobs: "fork" a child for each, asked for through the socket that is our stdin, or just "once"."""
    torch.set_num_threads(1)  # a process with one thread can be forked
    _rehearse()
    serve_from(mode, _serve)


def _rehearse() -> None:
    """Train a little, so that what torch imports late and the pictures are in memory before the first job.

    Children share the pictures, which takes less memory than to read them in each, and a second less time.
    """
    for optimizer in ("sgd", "adam"):
        LinearRun(LinearConfig(epochs=2, optimizer=optimizer)).finish()
    run = ImageRun(ImageConfig(hidden_units=1))
    run.advance(batches=1)
    run.test()
    if find_folder() is not None:
        with contextlib.suppress(DataError):  # damaged: a job will say so
            fashion_mnist("fashion_mnist")


def _serve(reader: IO[bytes], writer: IO[bytes]) -> None:
    """Do the one job that comes, tell how it goes, and end this process."""
    try:
        writer.write(READY)
        writer.flush()
        message = receive(reader.read)
        if message is not None:
            threading.Thread(target=_end_with, args=[reader], daemon=True).start()
            _give_way()
            _answer(message, writer)
    finally:
        os._exit(0)  # at once: there is nothing to clear away


def _end_with(reader: IO[bytes]) -> None:
    """End this process, whatever it is doing, as soon as nobody is there any more who wants to know."""
    reader.read(1)
    os._exit(0)


def _give_way() -> None:
    """Let those go first who wait for a page, and let the system take this process rather than theirs for memory."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")


def _answer(message: tuple[dict[str, Any], dict[str, NDArray[Any]]], writer: IO[bytes]) -> None:
    def tell(fields: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
        writer.write(pack(fields, arrays))
        writer.flush()

    try:
        job = unpack_job(*message)
        run = _run_of(job)
        news = _News(run)
        tell(*news.since_last())
        if job.train:
            while not run.done:
                run.advance(seconds=PACE)
                tell(*news.since_last())
        tell(*news.last(tested=not job.train))
    except WorkbenchError as error:
        tell(error_fields(error), {})
    except Exception:  # noqa: BLE001  # whatever it is, the server must hear of it
        tell({"traceback": traceback.format_exc()[-MOST_TRACEBACK:]}, {})


def _run_of(job: Job) -> Run:
    config = job.config
    run: Run = ImageRun(config) if isinstance(config, ImageConfig) else LinearRun(config)
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

"""The session's state of the image lab: the displayed job, its tested model, and the times of earlier trainings."""

import dataclasses
import functools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

import wb_core as wb
from wb_core.base.fields import specs

from . import work

MAX_TIMES = 30
"""The number of trainings in the table of times."""

MAX_LEARNED = 1000
"""A tested model is given this many pictures of its training set, too."""


@dataclass(frozen=True)
class Time:
    """One training in the table of times."""

    config: wb.ImageConfig
    device: str
    epochs: int
    seconds: float
    test_loss: float
    test_accuracy: float


def run_here(config: wb.ImageConfig) -> wb.ImageRun:
    """An untrained run in the server's process, for display only; on the CPU, so that it takes no GPU memory."""
    return wb.ImageRun(dataclasses.replace(config, device="cpu"))


class Result:
    """A tested model: an untrained `run` with its weights, and its `predictions`."""

    def __init__(self, config: wb.ImageConfig, weights: Mapping[str, torch.Tensor], evaluation: wb.Evaluation) -> None:
        self.config = config
        self.weights = weights
        self.evaluation = evaluation

    @functools.cached_property
    def run(self) -> wb.ImageRun:
        run = run_here(self.config)
        model = run.fresh_model()
        model.load_state_dict(dict(self.weights))
        run.adopt(model)
        return run

    @functools.cached_property
    def predictions(self) -> wb.Predictions:
        return wb.Predictions(self.evaluation.logits, self.run.data.y_test)

    @functools.cached_property
    def learned(self) -> tuple[int, int]:
        """How many pictures of the training set the model gets right, and how many of them it was given, evenly."""
        train = self.run.data.train
        places = torch.arange(0, len(train), max(1, len(train) // MAX_LEARNED))[:MAX_LEARNED]
        self.run.model.eval()
        with torch.inference_mode():
            predicted = self.run.model(train.floats(places)).argmax(dim=1)
        return int((predicted == train.y[places]).sum()), len(places)


class ImageLab:
    """The session's job. Each displayed job has its own `token`, by which the player recognizes a new one."""

    def __init__(self) -> None:
        self.ticket: str | None = None
        self.report: wb.Report | None = None
        self.times: list[Time] = []
        self.counted: set[str] = set()  # tickets whose time is in the table
        self._result: Result | None = None
        self._begin(None, None)

    @property
    def busy(self) -> bool:
        """Whether the job has not ended."""
        return self.report is not None and not self.report.finished

    @property
    def training(self) -> bool:
        """Whether a training has not ended."""
        return self.report is not None and self.busy and self.report.job.train

    @property
    def loaded(self) -> bool:
        """Whether the displayed model came from a checkpoint and was tested, not trained."""
        return self.report is not None and not self.report.job.train and self.report.weights is not None

    @property
    def from_file(self) -> bool:
        """Whether the displayed model came from a checkpoint, or learned from there."""
        return self.report is not None and self.report.job.weights is not None

    def can_resume(self, config: wb.ImageConfig) -> bool:
        """Whether training can continue from the loaded checkpoint with these settings."""
        if self.report is None or not self.loaded:
            return False
        before = self.report.job.config
        return (config.model, config.hidden_units) == (before.model, before.hidden_units)

    def train(self, config: wb.ImageConfig, weights: Mapping[str, torch.Tensor] | None = None) -> None:
        """Start a new training, from the seed's weights or from `weights`."""
        self._submit(wb.Job(config, weights=weights))

    def resume(self, config: wb.ImageConfig) -> None:
        """Continue training the model of the checkpoint, if the settings still describe that model."""
        if self.report is not None and self.can_resume(config):
            self.train(config, self.report.weights)

    def longer(self) -> wb.ImageConfig | None:
        """The displayed training with the epochs that it lacks, or else as many again; None if there are no more.

        The same config gives the same numbers, so that its first epochs are those of the displayed training.
        """
        report = self.report
        if report is None or self.busy or not report.job.train or report.error or report.diverged_at is not None:
            return None
        config, most = report.job.config, int(specs(wb.ImageConfig)["epochs"].offered[1])  # type: ignore[attr-defined]
        epochs = config.epochs if report.epochs < config.epochs else min(2 * config.epochs, most)
        return dataclasses.replace(config, epochs=epochs) if epochs > report.epochs else None

    def go_on(self, config: wb.ImageConfig) -> None:
        """Train the displayed training longer, with the config that `longer` has given."""
        self.train(config, self.report.job.weights if self.report else None)

    def load(self, config: wb.ImageConfig, checkpoint: wb.Checkpoint) -> wb.Checkpoint:
        """Display and test a checkpoint's model; returns what was loaded.

        Raises `CheckpointError`, and changes nothing, if it does not fit.
        """
        run = run_here(config)
        loaded = wb.adopt_checkpoint(checkpoint, run)
        self._submit(wb.Job(config, weights=run.model.state_dict(), train=False))
        return loaded

    def clear(self) -> None:
        """Display no training. A running one is cancelled."""
        if self.busy:
            self.cancel()
        self._begin(None, None)

    def put_away(self) -> str | None:
        """Display no training; a running one goes on. Returns its ticket, with which `show` displays it again."""
        ticket = self.ticket
        self._begin(None, None)
        return ticket

    def record(self, config: wb.ImageConfig) -> wb.RunRecord:
        """The displayed training, or one with this config that has not begun."""
        return self.report or wb.RunRecord(config=config, state="cancelled")

    def cancel(self) -> None:
        """Cancel the job; the model of its last complete epoch stays displayed."""
        if self.ticket is not None:
            work.cancel(self.ticket)
            self.look()

    def look(self) -> None:
        """Poll the job."""
        if self.ticket is None or (self.report is not None and self.report.finished):
            return
        try:
            self.report = work.WORK.poll(self.ticket)
        except wb.JobError:  # the server has dropped the job
            self._begin(None, None)
            self.news = "lost"
            return
        if self.report.finished:
            self._add_time(self.report)

    @property
    def saved(self) -> dict[str, Any] | None:
        """What finds the displayed job again, and whether it has ended."""
        return None if self.report is None else {"ticket": self.ticket, "finished": self.report.finished}

    def take_over(self, saved: Any) -> None:
        """Display the job of an earlier session, unless there is another one. Raises `ValueError` for anything else."""
        if not isinstance(saved, dict) or not isinstance(ticket := saved.get("ticket"), str):
            raise ValueError("this is no job")
        if self.ticket is not None:
            return
        if self.show(ticket) is None:
            self.news = "lost"
        elif self.report is not None and self.report.finished and saved.get("finished") is False:
            self.news = self.report.state

    def show(self, ticket: str) -> wb.ImageConfig | None:
        """Display a job of another page, unless a job is running; returns its config, or None if it cannot."""
        try:
            report = work.WORK.poll(ticket)
        except wb.JobError:
            return None
        config = report.job.config
        if self.busy or wb.kind_of(config) is not wb.KINDS["image"]:
            return None
        self._begin(ticket, report)
        work.keep(ticket)
        if report.finished:
            self._add_time(report)
        return config

    def stale(self, config: wb.ImageConfig) -> bool:
        """Whether the settings have changed since the displayed run."""
        return self.report is not None and config != self.report.job.config

    @property
    def result(self) -> "Result | None":
        """The displayed model with its last test; None before the first test."""
        report = self.report
        if report is None or report.evaluation is None or report.weights is None:
            return None
        if self._result is None or self._result.evaluation is not report.evaluation:
            self._result = Result(report.job.config, report.weights, report.evaluation)
        return self._result

    def _submit(self, job: wb.Job) -> None:
        if self.busy:
            self.cancel()  # which adds its complete epochs to the table of times
        ticket = work.submit(job)
        self._begin(ticket, work.WORK.poll(ticket))

    def _begin(self, ticket: str | None, report: wb.Report | None) -> None:
        self.ticket, self.report = ticket, report
        self.token = uuid.uuid4().hex
        self.ended = False  # a training has ended since the last script run
        self.news = ""  # what happened while the visitor was away: "done", "failed", "cancelled" or "lost"

    def _add_time(self, report: wb.Report) -> None:
        """Add a finished training to the table of times, once."""
        if not report.job.train or not report.rows or self.ticket is None or self.ticket in self.counted:
            return
        self.counted.add(self.ticket)
        self.ended = True
        last, seconds = report.rows[-1], sum(row["seconds"] for row in report.rows)
        row = Time(
            report.job.config, report.device, len(report.rows), seconds, last["test_loss"], last["test_accuracy"]
        )
        self.times = [*self.times, row][-MAX_TIMES:]

"""Checks a result again: does the passing attempt anew, a slice at a time, with bounded work."""

from typing import Literal

from ..base.errors import WorkbenchError
from ..kinds.run import Run
from .check import check_lesson
from .lesson import Lesson
from .places import Attempt
from .results import Done

State = Literal["waiting", "open", "holds", "fails", "unable"]
Reason = Literal["", "lesson", "attempt", "pictures", "long", "refused"]

MAX_SECONDS = 20.0
"""A run that takes longer is not done again."""

MAX_STEP_SECONDS = 0.5
"""Nor is one of which a single step takes longer."""

MAX_STEPS = 500_000

HERE = "fashion_mnist_small"
"""The pictures that every workbench has."""


class Recheck:
    """A lesson that was done, checked again by doing it again.

    `state` is "open" for a lesson that was not passed, "holds" or "fails" in the end, and "unable" if it cannot be
    done here. `reason` says why: the workbench has no such "lesson", there is no "attempt" in it, it needs all the
    "pictures", it takes too "long", or its settings are "refused" here.
    """

    def __init__(self, lesson: Lesson | None, done: Done) -> None:
        self.lesson = lesson
        self.done = done
        self.state: State = "waiting"
        self.reason: Reason = ""
        self._run: Run | None = None
        if not done.passed:
            self.state = "open"
        elif reason := _hindrance(lesson, done.attempt):
            self._unable(reason)

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to do."""
        return self.state != "waiting"

    def advance(self, seconds: float) -> None:
        """Work on it for about `seconds`."""
        if self.ended:
            return
        assert self.lesson is not None
        assert self.done.attempt is not None
        try:
            self._advance(self.lesson, self.done.attempt, seconds)
        except WorkbenchError:  # a device that is not here, tensors that are too large, ...
            self._unable("refused")

    def finish(self) -> None:
        """Do all of it."""
        while not self.ended:
            self.advance(MAX_SECONDS)

    def _advance(self, lesson: Lesson, attempt: Attempt, seconds: float) -> None:
        if attempt.page != lesson.page:
            self.state = "fails"
        elif lesson.place.kind is None:
            self.state = "holds" if check_lesson(lesson, attempt.shelf()).passed else "fails"
        elif self._run is None:
            self._run = attempt.run()
            self._run.advance(batches=1)
            if self._run.seconds > MAX_STEP_SECONDS:
                self._unable("long")
        elif not self._run.done:
            self._run.advance(seconds=seconds)
            if self._run.seconds > MAX_SECONDS:
                self._unable("long")
        else:
            self.state = "holds" if check_lesson(lesson, attempt.shows(self._run)).passed else "fails"
        if self.ended:
            self._run = None

    def _unable(self, reason: Reason) -> None:
        self.state, self.reason = "unable", reason


def check_again(lesson: Lesson | None, done: Done) -> Recheck:
    """Do what passed a lesson again, whole. None stands for a lesson that this workbench does not have."""
    recheck = Recheck(lesson, done)
    recheck.finish()
    return recheck


def _hindrance(lesson: Lesson | None, attempt: Attempt | None) -> Reason:
    if lesson is None:
        return "lesson"
    if attempt is None:
        return "attempt"
    config = attempt.config
    if getattr(config, "dataset", HERE) != HERE:
        return "pictures"
    if config is not None and config.epochs * config.batches > MAX_STEPS:
        return "long"
    return ""

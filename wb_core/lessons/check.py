"""Checks what a visitor did in a lesson: a function of one record."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..tensorlab import Shelf, needed, write_program
from .conditions import Condition
from .lesson import STOPS, CurveQuestion, Lesson
from .places import Shown, Walk, run_of

MARGIN = 0.1
FINGER_MARGIN = 0.15
"""How far a drawn curve may be from the real one, as shares of the height of its chart."""


@dataclass(frozen=True)
class Verdict:
    """What a check saw.

    `passed` says whether all conditions are met. If not, `condition` is the number of the first one that is not, and
    `mistake` that of the typical mistake that it is, if it is one. `epoch` and `values` show it. Without a try,
    `tried` is False: that is not wrong. Nor is a training that has not ended, which is `running`.
    """

    passed: bool
    condition: int | None = None
    epoch: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    mistake: int | None = None
    tried: bool = True
    running: bool = False


def check_lesson(lesson: Lesson, record: Shown) -> Verdict:
    """Check a run, a walk through a run, or the tensors of the tensor lab. Raises `TypeError` for another place's."""
    _check_place(lesson, record)
    if (early := too_early(lesson, record)) is not None:
        return early
    looks = [condition.look(record) for condition in lesson.conditions]
    failed = next((number for number, look in enumerate(looks) if not look.met), None)
    if failed is None:
        shows = next((look for look in looks if look.epoch is not None), looks[0])
        return Verdict(True, None, shows.epoch, shows.values)
    mistakes = (number for number, mistake in enumerate(lesson.mistakes) if _all_met(mistake.when, record))
    return Verdict(False, failed, looks[failed].epoch, looks[failed].values, next(mistakes, None))


def too_early(lesson: Lesson, record: Shown) -> Verdict | None:
    """The verdict on what cannot be judged yet, because it runs or nothing was tried; else None."""
    run = run_of(record)
    if run is not None and not run.finished:
        return Verdict(False, tried=False, running=True)
    return None if tried(lesson, record) else Verdict(False, tried=False)


def tried(lesson: Lesson, record: Shown) -> bool:
    """Whether anything was done yet in what is shown, which its place can show."""
    if isinstance(record, Shelf):
        return write_program(needed(record.program)) != write_program(needed(lesson.beginning.shelf().program))
    run = run_of(record)
    assert run is not None
    if isinstance(record, Walk):  # this page trains by itself
        first = lesson.beginning
        return (run.config, record.what_if) != (first.run().config, first.what_if)
    return run.epochs > 0 or run.diverged_at is not None


def score_curve(question: CurveQuestion, drawn: Sequence[float], record: Shown, *, finger: bool = False) -> float:
    """The share of its `STOPS` heights at which a drawn curve is near the real one, which is cut at the axis's end.

    After the end of a run, its last value counts; of a run that diverged, the top of the axis.
    """
    run = run_of(record)
    if run is None or len(drawn) != STOPS or not (run.epochs or run.diverged_at is not None):
        raise ValueError("there is no curve to compare with")
    margin = (FINGER_MARGIN if finger else MARGIN) * question.top
    near = (abs(one - other) <= margin for one, other in zip(drawn, real_curve(question, record), strict=True))
    return sum(near) / STOPS


def real_curve(question: CurveQuestion, record: Shown) -> list[float]:
    """The heights that a drawn curve is compared with."""
    run = run_of(record)
    values = [] if run is None else run.column(question.column)
    exploded = run is not None and run.diverged_at is not None
    found = []
    for stop in range(STOPS):
        epoch = round(stop * (question.epochs - 1) / (STOPS - 1))
        value = values[epoch] if epoch < len(values) else question.top if exploded or not values else values[-1]
        found.append(min(max(value if math.isfinite(value) else question.top, 0.0), question.top))
    return found


def _check_place(lesson: Lesson, record: Shown) -> None:
    kind = lesson.place.kind
    run = run_of(record)
    fits = isinstance(record, Shelf) if kind is None else run is not None and type(run.config) is kind.config
    if not fits or (lesson.page == "step") != isinstance(record, Walk):
        raise TypeError(f"this is nothing that the page {lesson.page} shows")


def _all_met(conditions: Sequence[Condition], record: Shown) -> bool:
    return all(condition.look(record).met for condition in conditions)

"""What a simulated seat does: it tries settings as people in a class do. Their runs are trained."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

import wb_core as wb
from wb_core.lessons import Attempt, check_lesson

from ...lessons.current import find
from ...training import SLICE, training_slot
from ..seats import OnShow
from ..stage.stage import Question, Stage

FREE = Attempt("linear", {"noise": "0.1", "loss": "mse", "lr": "0.1"})
"""What the seats vary while the leader shows nothing."""

FACTORS: Mapping[str, tuple[float, float]] = {
    "steady": (-0.7, 0.6),
    "careful": (-1.8, -0.6),
    "bold": (0.2, 1.6),
    "stuck": (-2.2, -1.4),
}
"""The learning rates of each character: powers of ten, times that of the task."""

EPOCHS = ("40", "80", "100", "150", "200")
MOST_SECONDS = 2.0
"""A run that takes longer is not told."""


@dataclass(frozen=True)
class Times:
    """When somebody comes in, and goes away, in seconds."""

    comes: float
    goes: float


class Pupil:
    """One seat, decided by `seed` and by what the leader shows."""

    def __init__(self, seed: int, number: int) -> None:
        self._chance = random.Random(f"{seed} {number}")  # noqa: S311
        [self.character] = self._chance.choices(list(FACTORS), (6, 2, 2, 2))
        away = self._chance.random() < 0.15
        self.times = Times(self._chance.uniform(0, 25), self._chance.uniform(60, 240) if away else float("inf"))
        self._lesson = ""
        self._passed, self._tries, self._skill = False, 0, 0.0

    def pause(self) -> float:
        """The seconds until it tries something again."""
        return self._chance.uniform(6, 24)

    def answer(self, question: Question) -> int:
        """The option that it chooses: the first ones a little more often."""
        options = range(len(question.options))
        return self._chance.choices(options, [1 + 2 * self._chance.random() for _ in options])[0]

    def show(self, stage: Stage) -> OnShow | None:
        """What it has done, trained; None if that is nothing new."""
        lesson = find(stage.lesson) if stage.lesson else None
        if lesson is None:
            return self._trained(self._varied(stage.pushed or FREE))
        if lesson.id != self._lesson:
            self._lesson, self._passed, self._tries, self._skill = lesson.id, False, 0, self._chance.uniform(0, 0.4)
        if self._passed:
            return None
        self._tries += 1
        if self.character != "stuck":
            self._skill += self._chance.uniform(0.05, 0.25)
        return self._trained(self._tried(lesson), lesson)

    def _tried(self, lesson: wb.Lesson) -> Attempt | None:
        """Some settings of the beginning, and the more of the solution, the more often it has tried."""
        solution = lesson.solution or {}
        names = sorted({*lesson.start, *solution})
        found = {}
        for name in names:
            there = solution if self._chance.random() < self._skill else lesson.start
            if name in there:
                found[name] = there[name]
        if lesson.page in ("linear", "points") and self._chance.random() > self._skill:
            found = {**found, **self._own(found)}
        return _valid(lesson.page, found)

    def _varied(self, task: Attempt) -> Attempt | None:
        if task.config is None:
            return task
        return _valid(task.page, {**task.settings, **self._own(task.settings)}, task.start)

    def _own(self, settings: Mapping[str, str]) -> dict[str, str]:
        lr = float(settings.get("lr", "0.03")) * 10 ** self._chance.uniform(*FACTORS[self.character])
        changed = {"lr": f"{min(max(lr, 0.0001), 1.0):.2g}"}
        if self._chance.random() < 0.6:
            changed["epochs"] = self._chance.choice(EPOCHS)
        return changed

    def _trained(self, attempt: Attempt | None, lesson: wb.Lesson | None = None) -> OnShow | None:
        if attempt is None or attempt.page == "images":  # they take too long
            return None
        verdict = ""
        if attempt.config is None:
            shown = attempt.shown()
        else:
            run = attempt.run()
            while not run.done:
                if run.seconds > MOST_SECONDS:
                    return None
                with training_slot():
                    run.advance(seconds=SLICE)
            shown, verdict = attempt.shows(run), wb.record_of(run).diagnosis.verdict
        if lesson is None:
            return OnShow(attempt, verdict=verdict)
        self._passed = check_lesson(lesson, shown).passed
        return OnShow(attempt, lesson.id, passed=self._passed, tries=self._tries, verdict=verdict)


def _valid(page: str, settings: Mapping[str, str], start: object = None) -> Attempt | None:
    """An attempt with these settings; None if nobody could have them."""
    try:
        return Attempt(page, settings, start)  # type: ignore[arg-type]
    except wb.LessonError:
        return None

"""The lesson that a leader is writing: what the form says, put together with the run that it was made of."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import wb_core as wb
from wb_core.base.fields import defaults, specs
from wb_core.base.texts import to_texts
from wb_core.lessons import Attempt, ChoiceQuestion, Condition, Lesson, check_lesson
from wb_core.lessons.conditions import Epochs, Label, Metric, Same, Setting

from .current import OURS

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Draft:
    """What the form says. `metrics` and `settings` have bounds by name; the settings in `same` are as in the run."""

    title: str = ""
    story: str = ""
    task: str = ""
    question: str = ""
    options: Sequence[str] = ()
    answer: int = 0
    hints: Sequence[str] = ()
    why: str = ""
    opened: Sequence[str] = ()
    start: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Bounds] = field(default_factory=dict)
    at: str = "end"
    labels: Sequence[str] = ()
    settings: Mapping[str, Bounds] = field(default_factory=dict)
    same: Sequence[str] = ()
    epochs: int | None = None


def lesson_of(draft: Draft, page: str, run: wb.RunRecord, *, loaded: bool) -> Lesson:
    """The lesson. Its solution is the run, unless that began with a file. Raises `WorkbenchError` for what is none."""
    solution = {**Attempt.of(page, run).settings}
    solution.pop("device", None)
    first = dataclasses.replace(run.config, **draft.start)
    start = to_texts(first)
    start.pop("device", None)
    options = [option for option in draft.options if option]
    return Lesson(
        id=_id(draft.title),
        title=draft.title,
        page=page,
        story=draft.story,
        task=draft.task,
        conditions=_conditions(draft, run.config),
        start=start,
        opened=draft.opened,
        question=ChoiceQuestion(draft.question, options, draft.answer) if draft.question else None,
        hints=[hint for hint in draft.hints if hint],
        why=draft.why,
        solution=None if loaded else solution,
    )


def solved_by(lesson: Lesson, run: wb.RunRecord) -> wb.Verdict:
    """The verdict on the leader's own run."""
    return check_lesson(lesson, run)


def usually_opened(config: Any) -> list[str]:
    """The settings that a learner probably should change: those that the leader has."""
    first, known = defaults(config), specs(config)
    changed = [n for n, spec in known.items() if spec.group != "data" and getattr(config, n) != first[n]]
    return [name for name in changed if name not in ("seed", "device", "epochs", "schedule", "init")] or ["lr"]


def usual_bounds(name: str, value: float) -> Bounds:
    """Bounds that a number of the run is just within: a loss may not be higher, an accuracy not lower."""
    if name.endswith("accuracy"):
        return float(int(value)), None
    if name.endswith("loss"):
        return None, _above(value)
    spread = 0.1 * max(abs(value), 0.1)
    return float(f"{value - spread:.2g}"), float(f"{value + spread:.2g}")


def _above(value: float) -> float:
    """A round number a little above."""
    return float(f"{1.1 * value:.2g}") or 1e-6


def _conditions(draft: Draft, config: Any) -> list[Condition]:
    found: list[Condition] = [
        Metric(name, draft.at, at_least=low, at_most=high) for name, (low, high) in draft.metrics.items()
    ]
    if draft.labels:
        found.append(Label(one_of=draft.labels))
    found += [Setting(name, at_least=low, at_most=high) for name, (low, high) in draft.settings.items()]
    if draft.same:
        known = specs(config)
        found.append(Same({name: known[name].text(getattr(config, name)) for name in draft.same}))
    if draft.epochs is not None:
        found.append(Epochs(at_most=draft.epochs))
    return found


def _id(title: str) -> str:
    """An id that is not one of ours, from the latin letters of a title."""
    words = re.findall(r"[a-z0-9]+", title.lower())[:5]
    name = "-".join(words)[:30].strip("-") or "lesson"
    return f"{name}-own" if name in OURS else name

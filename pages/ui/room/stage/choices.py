"""What a leader can show to everybody with one click: runs worth a look in each lab, and the lessons of the path."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import wb_core as wb
from wb_core.base.texts import to_texts
from wb_core.kinds.line.microscope import WHAT_IFS
from wb_core.lessons import PLACES, Attempt, ChoiceQuestion
from wb_core.lessons.places import NO_WHAT_IF

from ...compare.settings import suggested_name
from ...i18n import N_, _
from ...labs.points.presets import PRESETS as OF_POINTS
from ...lessons.current import OURS
from .stage import Question, Stage

PAGES = {
    "tensors": N_("Tensors"),
    "linear": N_("Linear regression"),
    "step": N_("One step"),
    "points": N_("Points in the plane"),
    "images": N_("Images"),
}
"""The labs, by the addresses of their pages."""

_OF_LINE: Mapping[str, tuple[str, dict[str, Any]]] = {
    "usual": (N_("The usual settings"), {}),
    "small": (N_("Steps too small"), {"noise": 0.08, "loss": "mse", "lr": 0.001}),
    "big": (N_("Steps too big"), {"noise": 0.08, "loss": "mse", "lr": 1.2}),
    "momentum": (N_("Momentum 0.99"), {"noise": 0.05, "loss": "mse", "lr": 0.02, "momentum": 0.99}),
}


class Example(NamedTuple):
    """A run worth a look, with its name and perhaps a sentence on it, both as message ids."""

    title: str
    attempt: Attempt
    sentence: str = ""


EXAMPLES: Mapping[str, Mapping[str, Example]] = {
    "linear": {
        name: Example(title, Attempt("linear", to_texts(wb.LinearConfig(**settings))))
        for name, (title, settings) in _OF_LINE.items()
    },
    "step": {
        name: Example(change.label, Attempt("step", {"what_if": name}), change.why)
        for name, change in WHAT_IFS.items()
        if name != NO_WHAT_IF
    },
    "points": {
        name: Example(preset.name, Attempt("points", to_texts(preset.config)), preset.sentence)
        for name, preset in OF_POINTS.items()
    },
    "images": {"usual": Example(N_("The usual settings"), Attempt("images", to_texts(wb.ImageConfig())))},
}
"""Runs worth a look, by page."""


def lessons(page: str) -> list[wb.Lesson]:
    """The lessons of a page."""
    return [lesson for lesson in OURS.values() if lesson.page == page]


def begin(lesson: wb.Lesson) -> Attempt:
    """The first settings of a lesson."""
    return Attempt(lesson.page, lesson.start)


def question_of(lesson: wb.Lesson | None) -> Question | None:
    """What a lesson asks, if that has options."""
    if lesson is None or not isinstance(asked := lesson.question, ChoiceQuestion):
        return None
    return Question("", asked.text, tuple(asked.options), lesson=lesson.id, right=asked.answer)


def texts_of(question: Question) -> list[str]:
    """The text of a question and its options, in the page's language if they are ours."""
    texts = [question.text, *question.options]
    return [_(text) for text in texts] if question.lesson in OURS else texts


def name_of(stage: Stage) -> str:
    """What the stage shows, in a few words; "" if it shows nothing."""
    if stage.lesson in OURS:
        return _("Lesson: {title}").format(title=_(OURS[stage.lesson].title))
    return "" if stage.pushed is None else name(stage.pushed)


def name(attempt: Attempt) -> str:
    """A run in a few words: its page, and its title, else the settings that make it special."""
    example = _example(attempt)
    return ": ".join(filter(None, [_(PAGES[attempt.page]), _(example.title) if example else _settings(attempt)]))


def heading_of(stage: Stage) -> str:
    """What the stage shows, and what that is: a lesson, an example or one's own run."""
    example = stage.pushed and _example(stage.pushed)
    if stage.lesson or not example:
        return name_of(stage) if stage.lesson else _("My own run")
    return _("Example: {title}").format(title=_(example.title))


def sentence_of(stage: Stage) -> str:
    """What there is to see in it: the story of a lesson, the sentence on an example, else its settings; perhaps ""."""
    if stage.lesson in OURS:
        return _(OURS[stage.lesson].story)
    if stage.pushed is None:
        return ""
    example = _example(stage.pushed)
    return _(example.sentence) if example and example.sentence else _settings(stage.pushed)


def _example(attempt: Attempt) -> Example | None:
    known = EXAMPLES.get(attempt.page, {}).values()
    return next((example for example in known if example.attempt == attempt), None)


def _settings(attempt: Attempt) -> str:
    """The settings that make a run special."""
    config = attempt.config
    change = _(WHAT_IFS[attempt.what_if].label) if attempt.what_if != NO_WHAT_IF else ""
    return ", ".join(filter(None, [config and suggested_name(config), change]))


def answering(lesson: wb.Lesson) -> dict[str, Attempt]:
    """The runs that may answer a lesson's question, by the message ids of their names."""
    found = {N_("The lesson's run"): begin(lesson)} if PLACES[lesson.page].kind else {}
    return found if lesson.solution is None else found | {N_("Its solution"): Attempt(lesson.page, lesson.solution)}

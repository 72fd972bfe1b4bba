"""What a leader can show to everybody with one click: runs worth a look in each lab, and the lessons of the path."""

from collections.abc import Mapping
from typing import Any

import wb_core as wb
from wb_core.base.texts import to_texts
from wb_core.kinds.line.microscope import WHAT_IFS
from wb_core.lessons import PLACES, Attempt, ChoiceQuestion
from wb_core.lessons.places import NO_WHAT_IF

from ...compare.settings import suggested_name
from ...i18n import N_, _
from ...labs.points.presets import PRESETS as OF_POINTS
from ...lessons.current import OURS
from .stage import Stage

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

EXAMPLES: Mapping[str, Mapping[str, tuple[str, Attempt]]] = {
    "linear": {
        name: (title, Attempt("linear", to_texts(wb.LinearConfig(**settings))))
        for name, (title, settings) in _OF_LINE.items()
    },
    "step": {
        name: (change.label, Attempt("step", {"what_if": name}))
        for name, change in WHAT_IFS.items()
        if name != NO_WHAT_IF
    },
    "points": {name: (preset.name, Attempt("points", to_texts(preset.config))) for name, preset in OF_POINTS.items()},
    "images": {"usual": (N_("The usual settings"), Attempt("images", to_texts(wb.ImageConfig())))},
}
"""Runs worth a look, by page: the message id of each name, and the run."""


def lessons(page: str, *, asking: bool = False) -> list[wb.Lesson]:
    """The lessons of a page; those alone that have a question with options if they are to be `asking`."""
    return [
        lesson
        for lesson in OURS.values()
        if lesson.page == page and (not asking or isinstance(lesson.question, ChoiceQuestion))
    ]


def begin(lesson: wb.Lesson) -> Attempt:
    """The first settings of a lesson."""
    return Attempt(lesson.page, lesson.start)


def name_of(stage: Stage) -> str:
    """What the stage shows, in a few words; "" if it shows nothing."""
    if stage.lesson in OURS:
        return _("Lesson: {title}").format(title=_(OURS[stage.lesson].title))
    return "" if stage.pushed is None else name(stage.pushed)


def name(attempt: Attempt) -> str:
    """A run in a few words: its page, and its title, else the settings that make it special."""
    page, config = _(PAGES[attempt.page]), attempt.config
    for title, example in EXAMPLES.get(attempt.page, {}).values():
        if example == attempt:
            return ": ".join([page, _(title)])
    parts = [] if config is None else [suggested_name(config)]
    if attempt.what_if != NO_WHAT_IF:
        parts.append(_(WHAT_IFS[attempt.what_if].label))
    return ": ".join([page, ", ".join(part for part in parts if part)]).removesuffix(": ")


def answering(lesson: wb.Lesson) -> dict[str, Attempt]:
    """The runs that may answer a lesson's question, by the message ids of their names."""
    found = {N_("The lesson's run"): begin(lesson)} if PLACES[lesson.page].kind else {}
    return found if lesson.solution is None else found | {N_("Its solution"): Attempt(lesson.page, lesson.solution)}

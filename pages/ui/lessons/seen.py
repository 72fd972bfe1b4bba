"""What a check saw, in the lab's own words."""

from collections.abc import Callable, Mapping
from typing import Any

import wb_core as wb
from wb_core.base.fields import Choice, specs
from wb_core.base.points import points_fields
from wb_core.lessons import Condition
from wb_core.lessons import conditions as asked
from wb_core.tensorlab.literal import write_list

from ..i18n import N_, _
from ..labs.line import diagnosis_sentences as line_words
from ..labs.points import verdict as points_words
from ..widgets.numbers import number
from .words import COLUMNS, told

TEXTS: Mapping[str, Mapping[str, str]] = {
    "linear": {**line_words.REMARKS, **line_words.TEXTS},
    "points": points_words.TEXTS,
}
"""Sentences of each kind of run on its diagnoses and findings, which begin with their names in bold."""

OF_PICTURES = {
    "learned": N_("Learned"),
    "cut_off": N_("The last ReLU made classes impossible"),
    "too_few_steps": N_("It hasn't learned anything yet"),
    "too_large_steps": N_("It didn't learn anything"),
    "near_guessing": N_("Barely better than guessing"),
    "exploding": N_("Exploded"),
    "test_below_train": N_("The test loss is below the train loss"),
}
"""The diagnoses and findings of a run on pictures, whose sentences have numbers."""

_PRESS_TRAIN = N_("Nothing to check yet: press Train first.")
_UNTRIED = {
    "tensors": N_("Nothing new on the shelf yet: save a result first."),
    "step": N_("Nothing to check yet: try something first."),
}


def sentence(lesson: wb.Lesson, verdict: wb.Verdict) -> str:
    """What a check saw, in a sentence or two."""
    if verdict.running:
        return _("It's still training: check again when it has ended.")
    if not verdict.tried:
        return _(_UNTRIED.get(lesson.page, _PRESS_TRAIN))
    if verdict.passed:
        return " ".join([_("**Solved.**"), _where(lesson, verdict)]).strip()
    assert verdict.condition is not None  # noqa: S101
    condition = lesson.conditions[verdict.condition]
    found = _FAILED[type(condition)](condition, verdict, lesson)
    return found if verdict.mistake is None else f"{found} {told(lesson, lesson.mistakes[verdict.mistake].says)}"


def _where(lesson: wb.Lesson, verdict: wb.Verdict) -> str:
    if "label" in verdict.values:
        return _outcome(verdict, lesson)
    if verdict.epoch is None:
        return ""
    if "value" in verdict.values:
        sentence = _("Epoch {epoch}: {name} {value}.")
        column = verdict.values["column"]
        value = number(verdict.values["value"]) + _unit(column)
        return sentence.format(epoch=_epoch(lesson, verdict.epoch), name=_(COLUMNS.get(column, column)), value=value)
    return _("Look at epoch {epoch}.").format(epoch=_epoch(lesson, verdict.epoch))


def _epoch(lesson: wb.Lesson, epoch: int) -> str:
    """An epoch as the lesson's page counts it: that for pictures from 1, because it tests after each."""
    return f"{epoch + (lesson.page == 'images'):,}"


def bounds(at_least: float | None, at_most: float | None, unit: str = "") -> str:
    """What is asked of a number."""
    if at_least is None:
        return _("at most {most}").format(most=f"{at_most:g}{unit}")
    if at_most is None:
        return _("at least {least}").format(least=f"{at_least:g}{unit}")
    return _("from {least} to {most}").format(least=f"{at_least:g}{unit}", most=f"{at_most:g}{unit}")


def _unit(column: str) -> str:
    return "%" if column.endswith("accuracy") else ""


def _metric(condition: asked.Metric, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    name = _(COLUMNS.get(condition.column, condition.column))
    unit = _unit(condition.column)
    wanted = bounds(condition.at_least, condition.at_most, unit)
    if "value" not in verdict.values:
        if verdict.epoch is not None:
            sentence = _("This run exploded in epoch {epoch}. Asked for at its end: {name} {wanted}.")
            return sentence.format(epoch=_epoch(lesson, verdict.epoch), name=name, wanted=wanted)
        return _("This run is too short. Asked for in epoch {epoch}: {name} {wanted}.").format(
            epoch=_epoch(lesson, int(condition.at)), name=name, wanted=wanted
        )
    return _("Epoch {epoch}: {name} {value}. Asked for: {wanted}.").format(
        epoch=_epoch(lesson, verdict.epoch), name=name, value=number(verdict.values["value"]) + unit, wanted=wanted
    )


def _label(condition: asked.Label, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    return _outcome(verdict, lesson)


def _outcome(verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    kind, label = lesson.place.kind, verdict.values["label"]
    assert kind is not None  # noqa: S101
    said = outcome(kind, label, exploded=verdict.values["exploded"])
    if not verdict.epoch:
        return _("The verdict on this run: “{said}”.").format(said=said)
    return _("The verdict on this run: “{said}”, see epoch {epoch}.").format(said=said, epoch=f"{verdict.epoch:,}")


def outcome(kind: wb.Kind, label: str, *, exploded: bool = False) -> str:
    """The lab's own words for a diagnosis or a finding."""
    if kind.id in TEXTS:
        texts = TEXTS[kind.id]
        text = texts.get(f"{label} end" if exploded else label) or texts.get(label) or texts[f"{label} decay"]
        return _(text).split("**")[1].rstrip(".")
    return _(OF_PICTURES[label])


def _confident(condition: asked.ConfidentMistakes, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    if "count" not in verdict.values:
        return _("This run has no test: there's nothing to count.")
    return _(
        "It made {wrong} mistakes. In {count} of them it was at least {percent}% confident. Asked for: {wanted}."
    ).format(
        wrong=f"{verdict.values['wrong']:,}",
        percent=f"{condition.confidence:g}",
        count=f"{verdict.values['count']:,}",
        wanted=bounds(condition.at_least, condition.at_most),
    )


def _setting(condition: asked.Setting, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    kind = lesson.place.kind
    assert kind is not None  # noqa: S101
    spec = specs(kind.config)[condition.name]

    def shown(value: Any) -> str:
        if isinstance(spec, Choice):
            return _(spec.options[value][0]) if value in spec.options else str(value)
        return number(value) if isinstance(value, int | float) else spec.text(value) or _("not set")

    if condition.one_of:
        wanted = ", ".join(shown(one) if one else _("not set") for one in condition.one_of)
    else:
        wanted = bounds(condition.at_least, condition.at_most)
    if condition.name == "hidden" and verdict.mistake is not None:  # which says more, and gives less away
        return _("Units per hidden layer: {value}.").format(value=shown(verdict.values["value"]))
    return _("{name} is {value}. Asked for: {wanted}.").format(
        name=_(spec.label), value=shown(verdict.values["value"]), wanted=wanted
    )


def _same(condition: asked.Same, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    kind = lesson.place.kind
    assert kind is not None  # noqa: S101
    known = specs(kind.config)
    if any(name in points_fields(kind.config) for name in verdict.values["names"]):
        return _("These are other points than those of the lesson. Undo brings them back.")
    names = ", ".join(_(known[name].label) for name in verdict.values["names"])
    return _("This lesson is about something else, so leave this as it was: {names}. Undo brings it back.").format(
        names=names
    )


def _epochs(condition: asked.Epochs, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    return _("This run has {epochs} epochs. Asked for: at most {most}.").format(
        epochs=f"{verdict.values['epochs']:,}", most=f"{condition.at_most:,}"
    )


def _branched(condition: asked.Branched, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    return _("No setting changes during this run yet: it's no branch.")


def _what_if(condition: asked.WhatIf, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    return _("Another “What if” is asked for.")


def _shape(condition: asked.Shape, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    shapes = verdict.values["shapes"].items()
    there = ", ".join(f"{name} {tuple(shape)}" for name, shape in shapes) or _("nothing")
    return _("On the shelf: {there}. Asked for: the shape {shape}.").format(there=there, shape=tuple(condition.shape))


def _equal(condition: asked.Equal, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    values = write_list(condition.values)
    if condition.name:
        return _("Asked for: {name} with the numbers {values}.").format(name=condition.name, values=values)
    return _("No tensor on the shelf has the numbers {values} yet.").format(values=values)


def _shared(condition: asked.SharedMemory, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    return _("No two tensors share memory yet.") if condition.shared else _("These tensors share memory.")


def _computed(condition: asked.Computed, verdict: wb.Verdict, lesson: wb.Lesson) -> str:
    typed = ", ".join(verdict.values["typed"])
    return _("Typed in: {names}. Asked for: numbers computed from the lesson's tensors.").format(names=typed)


_FAILED: dict[type[Condition], Callable[[Any, wb.Verdict, wb.Lesson], str]] = {
    asked.Metric: _metric,
    asked.Label: _label,
    asked.ConfidentMistakes: _confident,
    asked.Setting: _setting,
    asked.Same: _same,
    asked.Epochs: _epochs,
    asked.Branched: _branched,
    asked.WhatIf: _what_if,
    asked.Shape: _shape,
    asked.Equal: _equal,
    asked.SharedMemory: _shared,
    asked.Computed: _computed,
}

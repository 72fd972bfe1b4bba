"""The texts of a lesson, and how it stands."""

import wb_core as wb
from wb_core.base.fields import specs

from ..i18n import N_, _
from ..widgets import fields
from ..widgets.markup import as_it_is
from .current import OURS
from .progress import Done

COLUMNS = {
    "train_loss": N_("train loss"),
    "test_loss": N_("test loss"),
    "train_accuracy": N_("train accuracy"),
    "test_accuracy": N_("test accuracy"),
    "weight": N_("model's weight"),
    "bias": N_("model's bias"),
    "weight_grad": N_("gradient of the weight"),
    "bias_grad": N_("gradient of the bias"),
}


def told(lesson: wb.Lesson, text: str) -> str:
    """A text of a lesson: ours in the reader's language, that of somebody else as it is, without its Markdown."""
    return _(text) if is_ours(lesson) else as_it_is(text)


def title(lesson: wb.Lesson) -> str:
    """The title of a lesson, and whether it is somebody else's, as plain text."""
    return _(lesson.title) if is_ours(lesson) else _("{title} (not one of ours)").format(title=lesson.title)


def is_ours(lesson: wb.Lesson) -> bool:
    """Whether this is one of the workbench's own lessons."""
    return OURS.get(lesson.id) == lesson


def plain(lesson: wb.Lesson, text: str) -> str:
    """The same for a place that knows no Markdown."""
    return _(text) if is_ours(lesson) else text


def column(lesson: wb.Lesson, name: str) -> str:
    """A column of the history on an axis, with its unit."""
    said, kind = _(COLUMNS.get(name, name)), lesson.place.kind
    if name.endswith("accuracy"):
        return f"{said} (%)"
    if name.endswith("loss") and kind is not None and "loss" in specs(kind.config):
        return f"{said} ({fields.torch_name(lesson.beginning.config, 'loss').removeprefix('nn.')})"
    return said


def tries(count: int, par: int, *, passed: bool) -> str:
    """How many tries it took so far, against a good number of them."""
    if passed:
        sentence = _("Solved in {tries}: great.") if count <= par else _("Solved in {tries}; {par} would be great.")
    else:
        sentence = _("{tries} so far; {par} would be great.") if count else _("Can you do it in {par}?")
    return sentence.format(tries=_tries(count), par=_tries(par))


def stand(done: Done, lesson: wb.Lesson) -> str:
    """How far a lesson of the path is; its question before the first try."""
    if done.passed or done.tries:
        return tries(done.tries, lesson.par, passed=done.passed)
    return told(lesson, lesson.task if lesson.question is None else lesson.question.text)


def _tries(count: int) -> str:
    return _("1 try") if count == 1 else _("{count} tries").format(count=count)

"""The lessons of the workbench, in one path."""

import dataclasses
import itertools

from ...base.fields import N_
from ..lesson import Lesson
from . import images, line, line_further, line_points, points, step, tensors

CHAPTERS: dict[str, tuple[Lesson, ...]] = {
    N_("A line"): (*line.LESSONS, *line_points.LESSONS, *line_further.LESSONS),
    N_("One step"): step.LESSONS,
    N_("Tensors"): tensors.LESSONS,
    N_("Pictures"): images.LESSONS,
    N_("Points in the plane"): points.LESSONS,
}
"""The lessons of each chapter, in the order of the path."""


def _path() -> tuple[Lesson, ...]:
    """All lessons, each with the id of the one after it."""
    found = [*itertools.chain.from_iterable(CHAPTERS.values())]
    following = [*(lesson.id for lesson in found[1:]), ""]
    return tuple(dataclasses.replace(lesson, next=after) for lesson, after in zip(found, following, strict=True))


LESSONS = _path()
"""Every lesson, in the order of the path."""

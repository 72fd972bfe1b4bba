"""What a visitor did to pass a lesson, as any workbench can do it again."""

import wb_core as wb
from wb_core.lessons import Attempt, Shown
from wb_core.lessons.places import run_of

from ..labs.images.lab import ImageLab
from ..labs.line.lab import LinearLab
from ..labs.points.lab import PointsLab
from ..labs.run_lab import RunLab
from ..session import state

LABS: dict[str, type[RunLab]] = {"linear": LinearLab, "step": LinearLab, "points": PointsLab}
"""The labs whose runs may begin with the parameters of a file."""


def made(page: str, shown: Shown) -> Attempt | None:
    """What leads to what the page shows; None if no other workbench could do it again."""
    lab = state.existing(LABS[page]) if page in LABS else None
    start = lab.first_parameters if lab is not None and run_of(shown) is not None else None
    if page == "images" and state.of(ImageLab).from_file:
        return None
    try:
        return Attempt.of(page, shown, start)
    except wb.LessonError:
        return None

"""Opens a lesson: its lab with the lesson's settings, untrained. What the lab had can be brought back by undo."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import wb_core as wb
from wb_core.lessons import Attempt

from ..labs.images.lab import ImageLab
from ..labs.line.branches import BranchesView
from ..labs.line.lab import LinearLab
from ..labs.points.branches import PointsBranchesView
from ..labs.points.lab import PointsLab
from ..labs.saved import SavedRun, Snapshot
from ..player import seek
from ..session import share, state
from ..step.view import StepView
from ..tensors.lab import TensorLab
from ..tensors.view import TensorView
from ..widgets import fields
from .attempts import LABS
from .current import InLesson, LessonView


def _line(config: Any) -> None:
    state.of(LinearLab).reset(config)


def _points(config: Any) -> None:
    state.of(PointsLab).reset(config)


def _images(config: Any) -> None:
    state.of(ImageLab).clear()


def _nothing(config: Any) -> None:
    """The tensor lab follows its link by itself."""


CLASSES: dict[str, tuple[type, ...]] = {
    "tensors": (TensorView,),
    "linear": (wb.LinearConfig, BranchesView),
    "points": (wb.PointsConfig, PointsBranchesView),
    "images": (wb.ImageConfig,),
    "step": (wb.LinearConfig, StepView),
}
"""The classes of what a link to each place carries."""

RESETS: dict[str, Callable[[Any], None]] = {
    "tensors": _nothing,
    "linear": _line,
    "points": _points,
    "images": _images,
    "step": _line,
}
"""What makes the lab of each place untrained."""


TRAINS: dict[str, Callable[[Any], None]] = {
    **RESETS,
    "linear": lambda config: state.of(LinearLab).train(config),
    "points": lambda config: state.of(PointsLab).train(config),
    "images": lambda config: state.of(ImageLab).train(config),
}
"""What makes the lab of each place show the trained run of a config."""


def configs(lesson: wb.Lesson, settings: Mapping[str, str]) -> tuple[Any, ...]:
    """The settings of a lesson's lab as configs."""
    found, _ignored = share.decode(settings, *CLASSES[lesson.page])
    return found


ONLY_LOOKS = frozenset({"do", "epoch", "line"})
"""Settings that say where a visitor looks, and change nothing that a lesson checks."""


def settings(lesson: wb.Lesson) -> list[Mapping[str, Any]]:
    """What the controls of a lesson's lab say now of what a lesson checks."""
    found = (fields.values(one) for one in CLASSES[lesson.page])
    return [{name: value for name, value in values.items() if name not in ONLY_LOOKS} for values in found]


def show_epoch(lesson: wb.Lesson, epoch: int) -> None:
    """Show this epoch in a lesson's lab, in a callback before the script run."""
    if lesson.page == "step":
        fields.put(StepView, {"epoch": epoch})
    else:
        seek.to(epoch)


def go(lesson: wb.Lesson, text: str, here: Any = None) -> None:
    """Open a lesson, of which `text` stands in the address. "Back" returns to this page with `here`."""
    there = configs(lesson, lesson.start)
    RESETS[lesson.page](there[0])
    state.of(InLesson).text = ""  # again from its beginning
    share.go(lesson.page, here, *there, LessonView(lesson=text))


def solution(lesson: wb.Lesson, here: LessonView) -> None:
    """Show a lesson's solution in its lab, trained. "Back" returns to the lesson, which is `here`."""
    there = configs(lesson, lesson.solution or {})
    TRAINS[lesson.page](there[0])
    share.go(lesson.page, here, *there, here)


def show(attempt: Attempt, lesson: str = "") -> None:
    """Show what somebody else has made, trained, in the lesson with this text if there is one."""
    there, _ignored = share.decode(attempt.settings, *CLASSES[attempt.page])
    TRAINS[attempt.page](there[0])
    _begin_as(attempt, there[0])
    share.go(attempt.page, None, *there, LessonView(lesson=lesson))


def settings_of(attempt: Attempt) -> None:
    """Show the settings of what somebody else has made, untrained."""
    there, _ignored = share.decode(attempt.settings, *CLASSES[attempt.page])
    RESETS[attempt.page](there[0])
    share.go(attempt.page, None, *there, LessonView())


def _begin_as(attempt: Attempt, config: Any) -> None:
    """Let the lab begin with what no link carries: the parameters of a file, or the random numbers of tensors."""
    if attempt.start is not None and attempt.page in LABS:
        epochs = config.epochs
        saved = SavedRun(config=config, epochs=epochs, planned=epochs, start=attempt.start)
        state.of(LABS[attempt.page]).go_to(Snapshot(settings=config, run=saved))
    if attempt.seeds and "shelf" in attempt.settings:
        lab = state.of(TensorLab)
        shelf = {"shelf": attempt.settings["shelf"], "seeds": [*attempt.seeds], "rng_seed": lab.rng_seed}
        lab.take_over(shelf)


class Wish:
    """What a button of a lesson asked for: its page does it before it draws the widgets that this sets."""

    def __init__(self) -> None:
        self.act: Callable[[], None] | None = None


def ask(act: Callable[..., None], *given: Any) -> None:
    """Let the next script run call `act`, which opens something, before it draws anything; for callbacks."""
    state.of(Wish).act = functools.partial(act, *given)


def follow() -> None:
    """Do what a button asked for."""
    wish = state.of(Wish)
    act, wish.act = wish.act, None
    if act is not None:
        act()

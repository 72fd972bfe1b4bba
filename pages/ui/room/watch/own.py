"""A seat's own work: put away before it looks at what the leader shows, and brought back as it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ...labs.images.lab import ImageLab
from ...labs.line.lab import LinearLab
from ...labs.points.lab import PointsLab
from ...labs.run_lab import RunLab
from ...lessons import opening
from ...lessons.current import InLesson, LessonView
from ...session import state
from ...tensors.lab import TensorLab
from ...widgets import fields

MOST = 8
"""So many times a visitor can look and come back again."""


@dataclass(frozen=True)
class _Lab:
    """What a lab displays: how to take it, and how to bring it back."""

    take: Callable[[], Any]
    bring: Callable[[Any], None]


def _run_lab(kind: type[RunLab]) -> _Lab:
    return _Lab(lambda: state.of(kind).snapshot, lambda snapshot: state.of(kind).go_to(snapshot))


def _show_job(ticket: str | None) -> None:
    lab = state.of(ImageLab)
    if ticket == lab.ticket:
        return
    lab.clear()
    if ticket is not None and lab.show(ticket) is None:
        lab.news = "lost"


_LINE = _run_lab(LinearLab)
_LABS: Mapping[str, _Lab] = {
    "linear": _LINE,
    "step": _LINE,
    "points": _run_lab(PointsLab),
    "images": _Lab(lambda: state.of(ImageLab).ticket, _show_job),
    "tensors": _Lab(lambda: state.of(TensorLab).saved, lambda saved: state.of(TensorLab).take_over(saved)),
}
_NAMES = {"step": "linear"}
"""Pages that show the lab of another one."""


@dataclass
class _Kept:
    """What a lab displayed, and what its controls said."""

    lab: Any
    settings: Mapping[type, Mapping[str, Any]]


@dataclass
class Own:
    """What the visitor had: the page, and what the labs displayed in which the leader has shown something since."""

    page: str
    labs: dict[str, _Kept] = field(default_factory=dict)
    lesson: Mapping[str, Any] = field(default_factory=dict)  # how far the visitor was in it
    shown: tuple[str, Any] | None = None  # what the leader showed, before anybody touched it


def put_away(before: list[Own], page: str, there: str) -> None:
    """Note what the visitor has on this `page`, and in the lab `there`, unless it is only what the leader showed."""
    name = _NAMES.get(there, there)
    if not before or _touched(before[-1]):
        del before[: len(before) - MOST + 1]
        before.append(Own(page, lesson=dict(vars(state.of(InLesson)))))
    own = before[-1]
    own.shown = None
    if name not in own.labs:
        own.labs[name] = _Kept(_LABS[name].take(), {kind: fields.values(kind) for kind in _classes(name)})
        if name == "images":
            state.of(ImageLab).put_away()  # a training goes on


def note_shown(before: list[Own], page: str) -> None:
    """Note what the leader has just shown on this page."""
    if before and before[-1].shown is None and page in _LABS:
        before[-1].shown = page, _seen(page)


def bring_back(before: list[Own]) -> None:
    """Show what the visitor had before the last look."""
    own = before.pop()
    for name, kept in reversed(own.labs.items()):  # what was kept first says which lesson it was
        _LABS[name].bring(kept.lab)
        for kind, values in kept.settings.items():
            fields.put(kind, values)
    vars(state.of(InLesson)).update(own.lesson)
    st.switch_page(f"{own.page}.py")


def _classes(name: str) -> list[type]:
    places = [page for page in _LABS if _NAMES.get(page, page) == name]
    return [*dict.fromkeys(kind for page in places for kind in opening.CLASSES[page]), LessonView]


def _touched(own: Own) -> bool:
    return own.shown is not None and _seen(own.shown[0]) != own.shown[1]


def _seen(page: str) -> Any:
    """What the lab of a page displays, without what it adds by itself."""
    found = _LABS[page].take()
    return (found.settings, found.run) if hasattr(found, "run") else found

"""The heading of a page in a lesson: the lesson's title, its place in the path, and the ways out of it."""

import functools
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb
from wb_core.lessons import CHAPTERS

from .. import layout
from ..i18n import _
from ..widgets import fields
from . import opening, words
from .current import OURS, InLesson, LessonView


def draw(lesson: wb.Lesson, stand: InLesson) -> DeltaGenerator:
    """Draw the heading; returns the place at the right of it."""
    layout.style("lessons/lessons.css")
    corner, below = layout.frame(words.told(lesson, lesson.title))
    with below, st.container(horizontal=True, vertical_alignment="center", gap="small", key="lesson-place"):
        _place(lesson, stand)
        if not stand.all_open:
            _button("open", _("All settings"), "tune", functools.partial(_open_all, stand))
        _button("leave", _("Leave the lesson"), "close", leave)
    return corner


def place(lesson: wb.Lesson) -> tuple[str, int] | None:
    """The chapter of one of our lessons, and its number in the path, from 1 on."""
    if OURS.get(lesson.id) != lesson:
        return None
    [chapter] = [name for name, lessons in CHAPTERS.items() if any(one.id == lesson.id for one in lessons)]
    return chapter, [*OURS].index(lesson.id) + 1


def leave() -> None:
    """Leave the lesson; the lab stays as it is."""
    fields.fill(LessonView())


def _place(lesson: wb.Lesson, stand: InLesson) -> None:
    found = place(lesson)
    if found is None:
        st.caption(_("A lesson that somebody gave you"))
        return
    chapter, number = found
    st.caption(_("{chapter} · Lesson {number} of {count}").format(chapter=_(chapter), number=number, count=len(OURS)))
    ours = [*OURS.values()]
    beside = (
        ("previous", _("Previous lesson"), "arrow_back", ours[number - 2] if number > 1 else None),
        ("following", _("Skip to the next lesson"), "arrow_forward", ours[number] if number < len(ours) else None),
    )
    here = LessonView(lesson=stand.text)
    for key, label, icon, other in beside:
        act = None if other is None else functools.partial(opening.ask, opening.go, other, other.id, here)
        _button(key, label, icon, act)


def _button(key: str, label: str, icon: str, act: Callable[[], None] | None) -> None:
    st.button(
        label, key=f"lesson.{key}", type="tertiary", icon=f":material/{icon}:", on_click=act, disabled=act is None
    )


def _open_all(stand: InLesson) -> None:
    stand.all_open = True

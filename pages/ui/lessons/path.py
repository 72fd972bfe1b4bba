"""The path of the lessons: a card for each, with whether it is solved, and what is next."""

import streamlit as st

import wb_core as wb
from wb_core.lessons import CHAPTERS

from .. import layout
from ..i18n import _
from ..session import state
from . import opening, words
from .current import OURS
from .progress import Progress

ICONS = {"done": "check_circle", "next": "play_circle", "open": "radio_button_unchecked"}
"""The icon of each state of a lesson."""


def draw() -> None:
    """Draw how far the visitor is, and the lessons by chapter."""
    layout.style("lessons/path.css")
    progress = state.of(Progress)
    upcoming = progress.next()
    _progress(sum(progress.of(lesson).passed for lesson in OURS), upcoming)
    number = 0
    with st.container(key="lesson-path"):
        for place, (chapter, lessons) in enumerate(CHAPTERS.items(), start=1):
            st.header(_(chapter), anchor=False)
            with st.container(key=f"chapter-{place}"):
                for lesson in lessons:
                    number += 1
                    _card(number, OURS[lesson.id], upcoming)


def _progress(solved: int, upcoming: wb.Lesson | None) -> None:
    with st.container(key="path-progress"):
        st.markdown(_("**{done} of {all}** solved").format(done=solved, all=len(OURS)))
        st.progress(solved / len(OURS))
        if upcoming is None:
            st.markdown(_("**That's the whole path: well done!**"))
        elif st.button(
            _("Continue: {title}").format(title=_(upcoming.title)) if solved else _("Begin with the first lesson"),
            key="lessons.continue",
            type="primary",
            icon=":material/play_arrow:",
        ):
            opening.go(upcoming, upcoming.id)


def _card(number: int, lesson: wb.Lesson, upcoming: wb.Lesson | None) -> None:
    done = state.of(Progress).of(lesson.id)
    stand = "done" if done.passed else "next" if lesson is upcoming else "open"
    with st.container(key=f"lesson-card-{stand}-{lesson.id}", gap=None):
        label = " ".join((str(number), _(lesson.title)))
        if st.button(label, key=f"lessons.{lesson.id}", type="tertiary", icon=f":material/{ICONS[stand]}:"):
            opening.go(lesson, lesson.id)
        st.caption(words.stand(done, lesson))

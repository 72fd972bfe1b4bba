"""The strip above a lab in a lesson: its story, a prediction, the task, and a check of what was done."""

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..session import state
from ..widgets import focus
from . import prediction, sheet, verdict, words
from .current import InLesson, here
from .prediction import Records
from .progress import Progress


def narrow(page: str) -> None:
    """Fold the controls that the lesson of this page does not need."""
    found = here(page)
    if found is None:
        return
    lesson, stand = found
    if not stand.all_open:
        focus.on(lesson.opened)


def draw(page: str, records: Records) -> None:
    """Draw the lesson of this page, if it is in one."""
    found = here(page)
    if found is None:
        return
    lesson, stand = found
    with st.container(key="lesson"):
        with st.container(key="lesson-told", gap="xsmall"):
            st.markdown(words.told(lesson, lesson.story))
            st.markdown(_("**Your task:**") + " " + words.told(lesson, lesson.task))
        with st.container(key="lesson-answer", gap="xsmall"):
            prediction.draw(lesson, stand, records)
            _hints(lesson, stand)
        with st.container(key="lesson-verdict", gap="xsmall"):
            verdict.draw(lesson, stand, records)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lesson-actions"):
            _actions(lesson, stand, records)


def _actions(lesson: wb.Lesson, stand: InLesson, records: Records) -> None:
    done = state.of(Progress).of(stand.text)
    st.button(
        _("Check"),
        key="lesson.check",
        type="primary",
        icon=":material/task_alt:",
        on_click=verdict.check,
        args=(lesson, stand, records),
    )
    if lesson.hints:
        st.button(
            _("Hint"),
            key="lesson.hint",
            icon=":material/lightbulb:",
            on_click=_hint,
            args=(stand,),
            disabled=stand.hints >= len(lesson.hints),
        )
    sheet.draw(
        lesson,
        answered=done.predicted is not None,
        came=prediction.came(lesson, stand),
        checked=stand.verdict is not None,
        said=verdict.spoken(lesson, stand),
    )
    st.caption(words.tries(done.tries, lesson.par, passed=done.passed))


def _hints(lesson: wb.Lesson, stand: InLesson) -> None:
    if not stand.hints or (stand.verdict is not None and stand.verdict.passed):
        return
    with st.container(key="lesson-hints", gap="xxsmall"):
        for hint in lesson.hints[: stand.hints]:
            st.markdown(words.told(lesson, hint))


def _hint(stand: InLesson) -> None:
    stand.hints += 1

"""Check: what the lab shows against what a lesson asks for, what was seen, and where to go once it is solved."""

import streamlit as st

import wb_core as wb
from wb_core.lessons import check_lesson, too_early

from ..i18n import _
from ..session import state
from . import attempts, opening, seen, words
from .current import OURS, InLesson, LessonView
from .prediction import Records
from .progress import Progress


def check(lesson: wb.Lesson, stand: InLesson, records: Records) -> None:
    """Check what the lab shows, in a callback: the first that passes, else the latest."""
    shown = records()
    verdicts = [check_lesson(lesson, record) for record in shown]
    checked = next((number for number, one in enumerate(verdicts) if one.passed), 0)
    verdict = verdicts[checked]
    settings, progress = opening.settings(lesson), state.of(Progress)
    done = progress.of(stand.text)
    again = stand.checked == settings and stand.verdict == verdict  # the same once more is no other try
    if verdict.tried and not again and not done.passed:
        progress.note(stand.text, tries=done.tries + 1)
    if verdict.passed and not (done.passed and done.attempt):
        progress.note(stand.text, passed=True, attempt=attempts.made(lesson.page, shown[checked]))
    stand.verdict, stand.checked = verdict, settings
    if verdict.epoch is not None:
        opening.show_epoch(lesson, verdict.epoch)


def draw(lesson: wb.Lesson, stand: InLesson, records: Records) -> None:
    """Draw what the last check saw, as long as it is about what is shown; of a lesson solved before, the way on."""
    verdict = stand.verdict
    if verdict is None:
        if state.of(Progress).of(stand.text).passed:
            _after(lesson, stand)
        return
    if not verdict.tried and too_early(lesson, records()[0]) != verdict:  # what it waited for has happened
        stand.verdict = None
        return
    if verdict.passed:
        _solved(lesson, stand, verdict)
    elif stand.checked == opening.settings(lesson):
        box = st.warning if verdict.tried else st.info
        icon = ":material/undo:" if verdict.tried else ":material/play_circle:"
        box(seen.sentence(lesson, verdict), icon=icon)


def spoken(lesson: wb.Lesson, stand: InLesson) -> str:
    """What the last check saw, for screen readers, unless they read it anyway."""
    verdict = stand.verdict
    if verdict is None or (verdict.tried and not verdict.passed):
        return ""
    return seen.sentence(lesson, verdict).replace("**", "")


def _solved(lesson: wb.Lesson, stand: InLesson, verdict: wb.Verdict) -> None:
    last = words.is_ours(lesson) and not lesson.next
    st.success(seen.sentence(lesson, verdict), icon=":material/check_circle:")
    st.markdown(words.told(lesson, lesson.why))
    if last:
        st.markdown(_farewell())
    _after(lesson, stand)


def _after(lesson: wb.Lesson, stand: InLesson) -> None:
    """Draw the buttons for the next lesson and our solution."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lesson-after"):
        _ways_on(lesson, stand)


def _ways_on(lesson: wb.Lesson, stand: InLesson) -> None:
    here = LessonView(lesson=stand.text)
    after = OURS.get(lesson.next)
    if after is not None:
        st.button(
            _("Next lesson"),
            key="lesson.next",
            type="primary",
            icon=":material/arrow_forward:",
            on_click=opening.ask,
            args=(opening.go, after, after.id, here),
        )
    else:
        st.page_link("lessons.py", label=_("All lessons"), icon=":material/school:")
    if lesson.solution is not None:
        st.button(
            _("Our solution") if words.is_ours(lesson) else _("A solution"),
            key="lesson.solution",
            type="tertiary",
            icon=":material/visibility:",
            on_click=opening.ask,
            args=(opening.solution, lesson, here),
        )


def _farewell() -> str:
    left = sum(not state.of(Progress).of(one).passed for one in OURS)
    if left:
        return _("That was the end of the path. Lessons you haven't solved yet: {left}.").format(left=left)
    return _("**That was the whole path: well done!** Now the labs are yours. Change what you like, but predict first.")

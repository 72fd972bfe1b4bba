"""The prediction of a lesson: asked before the run, locked when one commits to it, and compared with what came."""

import functools
from collections.abc import Callable, Sequence

import streamlit as st

import wb_core as wb
from wb_core.lessons import STOPS, ChoiceQuestion, CurveQuestion, Shown, real_curve, run_of, score_curve, tried

from ..i18n import _
from ..session import state
from . import curve, words
from .current import InLesson
from .progress import Progress

Records = Callable[[], Sequence[Shown]]
"""What the lab shows now, the latest first."""


def draw(lesson: wb.Lesson, stand: InLesson, records: Records) -> None:
    """Draw the question until it is answered or something was checked; then what the visitor said, and what came."""
    predicted = state.of(Progress).of(stand.text).predicted
    if lesson.question is None or (predicted is None and stand.verdict is not None and stand.verdict.tried):
        return
    if isinstance(lesson.question, CurveQuestion) and not isinstance(predicted, int | None):
        _compare(lesson, lesson.question, predicted, stand, records)
    with st.container(key="lesson-prediction", gap="xsmall"):
        if isinstance(lesson.question, CurveQuestion):
            _curve(lesson, lesson.question, stand)
        elif predicted is None:
            _ask(lesson, lesson.question, stand)
        else:
            _answered(lesson, lesson.question, stand)


def _compare(
    lesson: wb.Lesson, question: CurveQuestion, drawn: Sequence[float], stand: InLesson, records: Records
) -> None:
    """Compare a drawn curve with the first run since, once it has ended."""
    shown = next((record for record in records() if tried(lesson, record) and _ended(record)), None)
    progress = state.of(Progress)
    done = progress.of(stand.text)
    if shown is not None and done.score is None:
        stand.real = real_curve(question, shown)
        progress.note(stand.text, score=score_curve(question, drawn, shown, finger=done.finger))


def came(lesson: wb.Lesson, stand: InLesson) -> bool:
    """Whether what was predicted stands beside what came."""
    done = state.of(Progress).of(stand.text)
    choice = isinstance(lesson.question, ChoiceQuestion)
    return done.predicted is not None and (done.passed if choice else stand.real is not None)


def _ended(record: Shown) -> bool:
    run = run_of(record)
    return run is None or run.finished


def _ask(lesson: wb.Lesson, question: ChoiceQuestion, stand: InLesson) -> None:
    chosen = st.radio(
        words.told(lesson, question.text),
        range(len(question.options)),
        format_func=lambda number: words.told(lesson, question.options[number]),
        index=None,
        key=f"lesson.prediction.{lesson.id}",
    )
    commit = functools.partial(state.of(Progress).note, stand.text, predicted=chosen)
    st.button(_("That's my prediction"), key="lesson.commit", disabled=chosen is None, on_click=commit)


def _answered(lesson: wb.Lesson, question: ChoiceQuestion, stand: InLesson) -> None:
    done = state.of(Progress).of(stand.text)
    if not isinstance(done.predicted, int) or done.predicted >= len(question.options):
        return
    said = _("Your prediction: {said}").format(said=words.told(lesson, question.options[done.predicted]))
    if not done.passed:
        answer = _("You'll see once you've solved the task.")
    elif done.predicted == question.answer:
        answer = _("**You were right.**")
    else:
        answer = _("**It came out differently:** {answer}").format(
            answer=words.told(lesson, question.options[question.answer])
        )
    st.markdown(f"{said}  \n{answer}")


def _curve(lesson: wb.Lesson, question: CurveQuestion, stand: InLesson) -> None:
    progress = state.of(Progress)
    done = progress.of(stand.text)
    drawn = None if isinstance(done.predicted, int | None) else [*done.predicted]

    def commit(found: curve.Drawn) -> None:
        if progress.of(stand.text).predicted is None:
            progress.note(stand.text, predicted=tuple(found.heights), finger=found.finger)

    curve.draw(
        question,
        commit,
        key="lesson.curve",
        name=words.column(lesson, question.column),
        asks=words.plain(lesson, question.text),
        note="" if drawn is None else _near(done.score),
        drawn=drawn,
        real=stand.real,
    )


def _near(score: float | None) -> str:
    if score is None:
        return _("Locked. Train, and the real curve comes into this chart.")
    return _("Near the real one at {near} of {all} places.").format(near=round(score * STOPS), all=STOPS)

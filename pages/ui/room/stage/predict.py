"""The question to everybody: the dialog that asks it, then the number of answers, then the answers."""

from html import escape

import streamlit as st

import wb_core as wb
from wb_core.lessons import ChoiceQuestion

from ...i18n import N_, _
from ...lessons.current import OURS
from ...sentences import explain
from ...session import state
from ...widgets.markup import as_it_is, coded
from ..here import ROOMS, InRoom
from ..seats import Key
from . import choices, counts
from .board import Board, decide, lead, show_answer
from .stage import MAX_TEXT, Question, Stage

TEXT, OPTIONS = "room.question.text", "room.question.options"
TEMPLATES = (
    (N_("Which learning rate reaches the target first?"), ("0.001", "0.01", "0.1", "1")),
    (N_("What does the loss do next?"), (N_("It falls."), N_("It stays."), N_("It rises."))),
    (N_("Which loss ends lower?"), (N_("Train loss"), N_("Test loss"), N_("Both the same"))),
)
"""Questions of one's own that are often asked, as message ids."""


def draw(key: Key, stage: Stage) -> None:
    """Draw the dialog."""
    title = _("Predict: a question to everybody")
    st.dialog(title, width="large", on_dismiss=state.of(Board).close)(_content)(key, stage)


def _content(key: Key, stage: Stage) -> None:
    board = state.of(Board)
    if not board.open:  # a click has just closed it
        st.rerun()
    with st.container(key="room-choices"):
        st.caption(_("Nobody sees an answer before you reveal them."))
        left, right = st.columns([0.58, 0.42], gap="large")
        with left:
            _of_lessons(key, OURS.get(stage.lesson))
        with right:
            _own(key)


def _of_lessons(key: Key, current: wb.Lesson | None) -> None:
    if current is not None and isinstance(current.question, ChoiceQuestion):
        st.button(
            _("Of this lesson: {title}").format(title=_(current.title)),
            key="room.ask.current",
            type="primary",
            on_click=_ask_of,
            args=(key, current),
        )
    for page, title in choices.PAGES.items():
        st.subheader(_(title), anchor=False)
        with st.container(horizontal=True, gap="small", key=f"room-choices-{page}"):
            for lesson in choices.lessons(page, asking=True):
                st.button(_(lesson.title), key=f"room.ask.{lesson.id}", on_click=_ask_of, args=(key, lesson))


def _own(key: Key) -> None:
    st.subheader(_("Your own question"), anchor=False)
    with st.container(gap=None, key="room-templates"):
        for number, (text, _options) in enumerate(TEMPLATES):
            st.button(
                _(text),
                key=f"room.template.{number}",
                type="tertiary",
                icon=":material/edit_note:",
                on_click=_fill,
                args=(number,),
            )
    st.text_input(_("Question"), key=TEXT, max_chars=MAX_TEXT)
    st.text_area(_("Answers"), key=OPTIONS, height=140, help=_("Two to six of them, each in a line."))
    st.button(_("Ask everybody"), key="room.ask", on_click=_ask_own, args=(key,))
    refused = state.of(Board).refused
    if refused is not None:
        st.error(explain(refused), icon=":material/error:")


def _fill(number: int) -> None:
    text, options = TEMPLATES[number]
    state.put(TEXT, _(text))
    state.put(OPTIONS, "\n".join(_(option) for option in options))


def _ask_own(key: Key) -> None:
    decide(ROOMS.ask, key, state.get(TEXT, ""), state.get(OPTIONS, "").splitlines())


def _ask_of(key: Key, lesson: wb.Lesson) -> None:
    question = lesson.question
    if isinstance(question, ChoiceQuestion):
        decide(ROOMS.ask, key, question.text, question.options, lesson=lesson.id, right=question.answer)


def asked(key: Key, question: Question) -> None:
    """Draw the question that everybody sees now: the number of answers, or all answers."""
    ours = question.lesson in OURS
    with st.container(key="room-question", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            text = _(question.text) if ours else question.text
            st.html(f'<p class="wb-room-question">{coded(text)}</p>')
            if not question.revealed:
                counts.draw(key, "answers")
                st.button(
                    _("Reveal"),
                    key="room.reveal",
                    type="primary",
                    icon=":material/visibility:",
                    on_click=decide,
                    args=(ROOMS.reveal, key),
                )
            close = _("Close the question")
            st.button(close, key="room.unask", on_click=lead, args=(key,), kwargs={"question": None})
        if question.revealed:
            st.html(histogram(question, translated=ours))
            _real_run(key, question)


def histogram(question: Question, *, translated: bool) -> str:
    """The answers as bars, each as a share of all, in HTML."""
    total, rows, word = max(1, sum(question.counts)), [], escape(_("right"))
    for number, (option, count) in enumerate(zip(question.options, question.counts, strict=True)):
        text = coded(_(option) if translated else option)
        css, mark = "", ""
        if number == question.right:
            css, mark = ' class="wb-room-right-one"', f' <span class="wb-room-right">✓ {word}</span>'
        bar = f'<span class="wb-room-bar-place"><span style="width:{100 * count / total:.1f}%"></span></span>'
        rows.append(f"<li{css}><span>{text}{mark}</span>{bar}<strong>{count}</strong></li>")
    return f'<ul class="wb-room-answers">{"".join(rows)}</ul>'


def _real_run(key: Key, question: Question) -> None:
    lesson, own = OURS.get(question.lesson), state.of(InRoom).latest
    runs = {} if lesson is None else choices.answering(lesson)
    if own is not None:
        runs = {**runs, N_("My own run"): own}
    if not runs:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="room-real"):
        st.markdown(_("Show the real run:"), width="content")
        for number, (label, attempt) in enumerate(runs.items()):
            st.button(
                _(label),
                key=f"room.real.{number}",
                icon=":material/cast:",
                help=as_it_is(choices.name(attempt)),
                on_click=show_answer,
                args=(key, attempt),
            )

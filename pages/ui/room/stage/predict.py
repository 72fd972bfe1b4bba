"""The question to everybody: the dialog that asks it, then the number of answers, then the answers."""

import functools
from html import escape

import streamlit as st

import wb_core as wb

from ...i18n import N_, _
from ...lessons.current import OURS
from ...session import state
from ...widgets.markup import as_it_is, coded
from ..here import ROOMS, InRoom
from ..seats import Key
from . import choices, counts, dialog
from .board import decide, lead, show_answer
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
    now = functools.partial(_choices, OURS.get(stage.lesson))
    dialog.draw(_("Predict: a question to everybody"), now, functools.partial(_chosen, key))


def _choices(current: wb.Lesson | None) -> None:
    with st.container(horizontal=True, gap="small"):
        dialog.choice(_("Your own question"), None, key="room.ask.own")
        if current is not None and (question := choices.question_of(current)):
            label = _("Of this lesson: {title}").format(title=_(current.title))
            dialog.choice(label, Stage(question=question), key="room.ask.current")
    for page, title in choices.PAGES.items():
        st.subheader(_(title), anchor=False)
        with st.container(horizontal=True, gap="small"):
            for lesson in choices.lessons(page):
                if question := choices.question_of(lesson):
                    dialog.choice(_(lesson.title), Stage(question=question), key=f"room.ask.{lesson.id}")


def _chosen(key: Key, stage: Stage | None) -> None:
    """Draw what will be asked, or the fields for a question of one's own."""
    question = stage.question if stage else None
    if question is None:
        _own()
    else:
        st.html(heading(question) + offered(question))
    note = _("Nobody sees an answer before you reveal them.")
    dialog.go(_("Ask everybody"), ":material/help:", note, _ask, key, question, name="room.ask")


def _own() -> None:
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
    st.text_input(_("Question"), key=TEXT, max_chars=MAX_TEXT, persist_state="session")
    tip = _("Two to six of them, each in a line.")
    st.text_area(_("Answers"), key=OPTIONS, height=140, help=tip, persist_state="session")


def _fill(number: int) -> None:
    text, options = TEMPLATES[number]
    state.put(TEXT, _(text))
    state.put(OPTIONS, "\n".join(_(option) for option in options))


def _ask(key: Key, question: Question | None) -> None:
    """Ask everybody this, or what is in the fields."""
    if question is None:
        decide(ROOMS.ask, key, state.get(TEXT, ""), state.get(OPTIONS, "").splitlines())
    else:
        of_lesson = {"lesson": question.lesson, "right": question.right}
        decide(ROOMS.ask, key, question.text, question.options, **of_lesson)


def asked(key: Key, question: Question) -> None:
    """Draw the question that everybody sees now: the number of answers, or all answers."""
    with st.container(key="room-question", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(heading(question))
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
        st.html(histogram(question) if question.revealed else offered(question))
        if question.revealed:
            _real_run(key, question)


def heading(question: Question) -> str:
    """The text of a question in HTML."""
    return f'<p class="wb-room-question">{coded(choices.texts_of(question)[0])}</p>'


def offered(question: Question) -> str:
    """The options in HTML, and nothing of the answers."""
    rows = "".join(f"<li>{coded(option)}</li>" for option in choices.texts_of(question)[1:])
    return f'<ul class="wb-room-offered">{rows}</ul>'


def histogram(question: Question) -> str:
    """The answers as bars, each as a share of all, in HTML."""
    total, rows, word = max(1, sum(question.counts)), [], escape(_("right"))
    options = choices.texts_of(question)[1:]
    for number, (option, count) in enumerate(zip(options, question.counts, strict=True)):
        css, mark = "", ""
        if number == question.right:
            css, mark = ' class="wb-room-right-one"', f' <span class="wb-room-right">✓ {word}</span>'
        bar = f'<span class="wb-room-bar-place"><span style="width:{100 * count / total:.1f}%"></span></span>'
        rows.append(f"<li{css}><span>{coded(option)}{mark}</span>{bar}<strong>{count}</strong></li>")
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

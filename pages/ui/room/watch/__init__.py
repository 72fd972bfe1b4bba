"""On the page of a seat: listens to the room, and shows what its leader shows. Nothing of it reruns the page."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

import wb_core as wb

from ... import assets, i18n
from ...i18n import N_, _
from ...lessons import opening
from ...lessons.current import find
from ...sentences import explain
from ...session import state
from .. import names
from ..here import ROOMS, InRoom
from ..seats import RoomError
from ..stage import choices
from ..stage.stage import Stage
from . import own

HERE = Path(__file__).parent
KEY = "room.watch"
FAREWELLS = {
    "ended": N_("The room has ended. What you did stays here."),
    "freed": N_("You no longer have a seat in the room. What you did stays here."),
    "left": N_("You've left the room. What you did stays here."),
}
_component = assets.component("room", HERE / "watch.css")


class _Page:
    """The page that is shown now, and the lesson's question that the browser cannot translate."""

    def __init__(self) -> None:
        self.name = ""
        self.question: dict[str, Any] | None = None
        self.unheard = 0  # so many answers were refused


def draw(page: str) -> None:
    """Listen on this page if this session has a seat; if it has just lost it, say so in one sentence."""
    seated, here = state.of(InRoom), state.of(_Page)
    here.name = page
    if own.returned(seated.before, page):
        _say_looks(seated, "")
        own.bring_back(seated.before)
    own.note_shown(seated.before, page)
    if seated.leader is not None or (seated.seat is None and not seated.farewell):
        return
    key = seated.seat
    with st.container(key="room-bar"):
        _component(
            key=KEY,
            data={
                "script": assets.url("watch"),
                "key": key and {"room": key.code, "seat": key.seat, "secret": key.secret},
                "looked": seated.looked,
                "back": bool(seated.before),
                "farewell": _(FAREWELLS[seated.farewell]) if seated.farewell else "",
                "translates": i18n.language() != "en",
                "question": here.question,
                "unheard": here.unheard,
                "words": _words(seated),
            },
            on_look_change=_look,
            on_stay_change=_stay,
            on_back_change=_back,
            on_answer_change=_answer,
            on_asked_change=_asked,
            on_ended_change=_ended,
            on_again_change=_again,
            on_read_change=_read,
        )


def _words(seated: InRoom) -> dict[str, str]:
    return {
        "bar": _("Room"),
        "name": names.said(seated.called()),
        "shows": _("The leader shows something."),
        "look": _("Look"),
        "stay": _("Stay here"),
        "seen": _("This is what the leader showed."),
        "back": _("Back to my own"),
        "pause": _("Pause"),
        "paused": _("Look to the front. It goes on here by itself."),
        "asks": _("The leader asks you something."),
        "answer": _("Answer"),
        "answered": _("Your answer is in."),
        "change": _("Change it"),
        "final": _("You can change your answer until the leader shows them all."),
        "revealed": _("Everybody's answers are here."),
        "see": _("See them"),
        "yours": _("your answer"),
        "right": _("right"),
        "close": _("Close"),
        "lost": _("The room can't be reached. It comes back by itself."),
        "ok": _("OK"),
    }


def _sent(name: str) -> Any:
    return (state.get(KEY) or {}).get(name)


def _stage() -> Stage | None:
    seat = state.of(InRoom).seat
    with contextlib.suppress(RoomError):
        return ROOMS.stage(seat.code) if seat else None
    return None


def _look() -> None:
    look(str(_sent("look")))


def look(push: str) -> None:
    """Show what the leader shows, which is this push; what the visitor has can be brought back. For callbacks."""
    seated, stage = state.of(InRoom), _stage()
    if stage is None or stage.pushed is None or stage.push != push:
        return
    if seated.looked == push and seated.before:  # pressed twice
        return
    seated.looked = push
    own.put_away(seated.before, state.of(_Page).name, stage.pushed.page)
    _say_looks(seated, push)
    opening.ask(_open, stage)


def _open(stage: Stage) -> None:
    lesson, pushed = find(stage.lesson), stage.pushed
    if lesson is not None:
        opening.go(lesson, stage.lesson)
    elif pushed is not None and pushed.page == "images":  # thirty trainings on pictures at once are too many
        opening.settings_of(pushed)
    elif pushed is not None:
        with contextlib.suppress(wb.ConfigError):  # too long for this server
            opening.show(pushed)


def _back() -> None:
    """Show again what the visitor had."""
    seated = state.of(InRoom)
    if seated.before:
        _say_looks(seated, "")
        opening.ask(own.bring_back, seated.before)


def _say_looks(seated: InRoom, push: str) -> None:
    if seated.seat is not None:
        with contextlib.suppress(RoomError):  # the room has just ended
            ROOMS.look(seated.seat, push)


def _stay() -> None:
    """Stay with what is on show: the bar need not ask again."""
    seated, sent = state.of(InRoom), _sent("stay")
    if sent == "here":
        seated.before = []
    else:
        seated.looked = str(sent)[:20]


def _answer() -> None:
    seated, sent = state.of(InRoom), _sent("answer")
    if seated.seat is None or not isinstance(sent, Mapping):
        return
    match dict(sent):
        case {"question": str(question), "option": int(option)}:
            try:
                ROOMS.answer(seated.seat, question, option)
            except RoomError as error:
                state.of(_Page).unheard += 1
                if not error.gone:  # else it was revealed meanwhile
                    st.toast(explain(error))


def _asked() -> None:
    """Send the question of one of our lessons in the page's language."""
    stage = _stage()
    asked = stage.question if stage else None
    if asked is not None:
        text, *options = choices.texts_of(asked)
        state.of(_Page).question = {"id": asked.id, "text": text, "options": options}


def _ended() -> None:
    state.of(InRoom).lost()


def _again() -> None:
    """The room could not be reached for a while: the rerun tells it what it has missed."""


def _read() -> None:
    state.of(InRoom).farewell = ""

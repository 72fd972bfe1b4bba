"""A room out of a file: its wall to look at, its seats to open in their labs, and its best runs to keep."""

import time
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb

from ..compare.tray import Tray
from ..i18n import _
from ..sentences import explain
from ..session import state, visitor
from ..training import REPORT, SLICE, training_slot
from ..widgets.markup import as_it_is
from ..widgets.uploader import uploader
from . import names, wall
from .file import MAX_BYTES, read_room
from .here import ROOMS
from .keeping import Keeping, keepable
from .seats import Key, RoomError, Seat
from .stage import choices
from .stage.predict import heading, histogram
from .stage.stage import Question, Stage


class Reopened:
    """The room that this session has open from a file."""

    def __init__(self) -> None:
        self.key: Key | None = None
        self.seats: tuple[Seat, ...] = ()
        self.stage = Stage()
        self.asked: tuple[Question, ...] = ()
        self.error: wb.WorkbenchError | None = None
        self._file = ""  # the upload that was read last

    def follow(self, upload: Any) -> bool:
        """Read this upload if it is a new one; returns whether there is a room now."""
        if upload is None or upload.file_id == self._file:
            return False
        self._file, self.error = upload.file_id, None
        try:
            saved = read_room(upload.getvalue())
            self.key = ROOMS.reopen(saved.stage, saved.seats, saved.asked, network=visitor.network())
            self.seats, self.stage, self.asked = saved.seats, saved.stage, saved.asked
        except (wb.LessonError, RoomError) as error:
            self.error = error
            return False
        return True

    def close(self) -> None:
        """Forget it."""
        state.of(Keeping).stop()
        key, self.key, self.seats, self.asked = self.key, None, (), ()
        if key is not None:
            try:
                ROOMS.end(key)
            except RoomError:  # it has ended by itself
                return


def upload() -> None:
    """Draw the place for a file."""
    reopened = state.of(Reopened)
    with st.container(border=True, key="room-reopen"):
        st.header(_("Open a room's file"), anchor=False)
        file = uploader(
            _("Room file"),
            megabytes=1,
            type=["json"],
            key="room.upload",
            help=_("A file from “Download the room”, {size} kB at most. It shows the wall as it was.").format(
                size=MAX_BYTES // 1000
            ),
        )
        if reopened.follow(file):
            st.rerun()
        if reopened.error is not None and file is not None:
            st.error(explain(reopened.error), icon=":material/block:")


def draw() -> bool:
    """Draw the room from a file, if one is open; returns whether one is."""
    reopened = state.of(Reopened)
    if reopened.key is None:
        return False
    with st.container(horizontal=True, vertical_alignment="center", key="room-reopened"):
        st.markdown(_("**A room from a file.** Nobody can join it."), width="content")
        if task := choices.name_of(reopened.stage):
            st.markdown(":material/cast: " + as_it_is(task), width="content")
        with_names = any(seat.name for seat in reopened.seats) and st.toggle(
            _("Show names"), key="room.file.names", persist_state="session"
        )
        st.button(_("Close the room"), key="room.file.close", icon=":material/close:", on_click=reopened.close)
    wall.draw(
        reopened.key,
        with_names=with_names,
        on_end=reopened.close,
        seats=_("{count} seats from the file"),
        empty=_("No seat is in this file."),
    )
    _answers(reopened.asked)
    _keep(reopened.seats, with_names=with_names)
    return True


def _answers(asked: tuple[Question, ...]) -> None:
    """Draw what was asked and revealed, and the number of answers to each option."""
    for number, question in enumerate(asked):
        with st.container(border=True, key=f"room-asked-{number}"):
            st.html(heading(question) + histogram(question))


def _keep(seats: tuple[Seat, ...], *, with_names: bool) -> None:
    keeping, room = state.of(Keeping), wb.MAX_KEPT - len(state.of(Tray).entries)
    named = {seat.id: (_named(seat, with_names=with_names), seat) for seat in keepable(seats)}
    if not named:
        return
    with st.expander(_("Save runs to compare them"), icon=":material/bookmark_add:", key="room-keep"):
        if keeping.error is not None:
            st.error(explain(keeping.error), icon=":material/inbox:")
        elif keeping.kept is not None:
            st.success(_("Saved runs: {count}").format(count=keeping.kept), icon=":material/bookmark_added:")
        if not room:
            st.caption(_("You have saved {most} runs already. Remove some first.").format(most=wb.MAX_KEPT))
            st.page_link("compare.py", label=_("Compare"), icon=":material/stacked_line_chart:")
            return
        chosen = st.multiselect(
            _("Seats"),
            list(named),
            format_func=lambda one: named[one][0],
            max_selections=room,
            placeholder=_("Choose up to {room} seats").format(room=room),
            key="room.keep.seats",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Save these runs"),
                key="room.keep.these",
                disabled=not chosen,
                on_click=keeping.begin,
                args=([named[one] for one in chosen], room),
            )
            best = _("Save the best {count}").format(count=min(room, len(named)))
            st.button(best, key="room.keep.best", on_click=keeping.begin, args=([*named.values()], room))
            st.page_link("compare.py", label=_("Compare"), icon=":material/stacked_line_chart:")
        _work(keeping, st.empty())


def _work(keeping: Keeping, place: DeltaGenerator) -> None:
    """Train what waits, with progress and a button that stops it; then keep it and draw the page again."""
    if not keeping.waiting:
        return
    turn, reported = keeping.take_turn(), 0.0
    with place.container(horizontal=True, vertical_alignment="center", key="room-keep-progress"):
        bar = st.progress(0.0)
        st.button(_("Stop"), key="room.keep.stop", icon=":material/stop:", on_click=keeping.stop)
    while keeping.waiting:
        if time.monotonic() >= reported + REPORT:  # here the script run ends if the visitor does something else
            reported, done = time.monotonic(), keeping.count - len(keeping.waiting)
            text = _("Doing it again: {done} of {all}").format(done=done, all=keeping.count)
            bar.progress(done / keeping.count, text=text)
        with training_slot():
            mine = keeping.advance(turn, SLICE)
        if not mine:
            st.stop()
    keeping.keep(state.of(Tray))
    st.rerun()


def _named(seat: Seat, *, with_names: bool) -> str:
    number = _("Seat {number}").format(number=seat.number)
    if not with_names or not seat.name:
        return number
    return names.said(seat.name)

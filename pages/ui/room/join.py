"""The door of a room: open one, or take a seat by its code."""

import contextlib
import html
from dataclasses import dataclass
from typing import Literal

import streamlit as st

import wb_core as wb
from wb_core.base.fields import N_, Text, check_fields, setting

from ..i18n import _
from ..lessons import opening
from ..sentences import explain
from ..session import state, visitor
from ..widgets import fields
from . import names
from .here import ROOMS, InRoom
from .seats import RoomError
from .watch import look

NAME = "room.own_name"


def _code(text: str) -> str:
    if text and not names.read_code(text):
        raise wb.ConfigError("room.code", field="code", given=text[:20], allowed="six letters")
    return text


@dataclass(frozen=True, kw_only=True)
class DoorView:
    """The code in the address."""

    code: str = setting("", Text(N_("Code"), parse=_code))

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass
class Door:
    """The code that was tried last: whether one may type a name behind it, or why it was refused."""

    code: str = ""
    own_names: bool = False
    error: RoomError | None = None

    def forget(self) -> None:
        """Forget the code."""
        self.code, self.own_names, self.error = "", False, None

    def try_code(self, code: str) -> None:
        """Look behind the door, once for each code: wrong ones are counted."""
        if code == self.code:
            return
        self.forget()
        self.code = code
        try:
            self.own_names = ROOMS.door(code)
        except RoomError as error:
            self.error = error


def draw(room: InRoom) -> bool:
    """Draw the seat that the visitor has, one large button for a code from a link, or both ways in.

    Returns whether the visitor still has the choice.
    """
    door, code = state.of(Door), names.read_code(fields.current(DoorView, "code"))
    if room.seat is not None and code in ("", room.seat.code):
        _seat(room)
        return False
    if code:
        door.try_code(code)
        if door.error is None:
            _join_button(room, door)
            return False
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True, key="room-join"):
        st.header(_("Take a seat"), anchor=False)
        _type_code(room, door)
    with right, st.container(border=True, key="room-open"):
        st.header(_("Lead a room"), anchor=False)
        st.markdown(_("You get a code for the others. You see their runs, and show them yours."))
        own = st.toggle(
            _("Own names"), key="room.own", help=_("Let everybody type their name."), persist_state="session"
        )
        st.button(_("Open a room"), key="room.open", on_click=_open, args=(room, own))
    return True


def _type_code(room: InRoom, door: Door) -> None:
    key = fields.key_of(DoorView, "code")
    with st.form("room-door", border=False):
        st.text_input(_("Code"), key=key, max_chars=12, placeholder="ABCDEF", persist_state="session")
        st.form_submit_button(
            _("Join"), key="room.join", type="primary", width="stretch", on_click=_typed, args=(room, door)
        )
    if door.error is not None:
        st.error(explain(door.error), icon=":material/error:")


def _join_button(room: InRoom, door: Door) -> None:
    """Draw one large button, and what there is to decide before."""
    with st.form("room-join", border=False):
        where = _("Room {code}").format(code=door.code)
        st.html(f'<p class="wb-room-door">{html.escape(where)}</p>')
        if door.own_names:
            st.text_input(_("Your name"), key=NAME, max_chars=names.MAX_NAME, help=_("Leave it empty to be given one."))
        if room.seat is not None:
            st.caption(_("You leave the room that you are in now."))
        st.form_submit_button(
            _("Join"), key="room.join", type="primary", width="stretch", on_click=_join, args=(room, door)
        )
    st.button(_("Another code"), key="room.other", type="tertiary", on_click=_forget)


def _seat(room: InRoom) -> None:
    """Draw who one is here, and where to go on."""
    name, push = names.said(room.called()), ""
    with contextlib.suppress(RoomError):
        push = ROOMS.stage(room.seat.code).push if room.seat else ""
    with st.container(key="room-seat"):
        you = _("You are {name}").format(name=name)
        st.html(f'<p class="wb-room-you">{html.escape(you)}</p>')
        st.markdown(_("The leader sees your runs and how far you are in lessons, nothing else."))
        new = bool(push) and push != room.looked
        if new or (push and not room.before):  # one may look after all
            label = _("Look at what the leader shows")
            main: Literal["primary", "secondary"] = "primary" if new else "secondary"
            st.button(label, key="room.look", type=main, width="stretch", on_click=look, args=(push,))
        if not new:
            st.button(_("To the first lab"), key="room.lab", type="primary", width="stretch", on_click=_to_lab)
            st.page_link("lessons.py", label=_("All lessons"), icon=":material/school:")
        st.button(_("Leave the room"), key="room.leave", type="tertiary", on_click=_leave, args=(room,))


def _to_lab() -> None:
    opening.ask(st.switch_page, "linear.py")


def _typed(room: InRoom, door: Door) -> None:
    """Join by the code in the field, unless there is a name to type first."""
    door.code = ""
    door.try_code(fields.current(DoorView, "code"))
    if door.error is None and not door.own_names:
        _join(room, door)


def _join(room: InRoom, door: Door) -> None:
    if room.seat is not None and room.seat.code == names.read_code(door.code):
        return  # clicked twice
    try:
        key = ROOMS.join(door.code, str(state.get(NAME) or ""))
    except RoomError as error:
        door.error = error
        return
    if room.seat is not None:
        with contextlib.suppress(RoomError):
            ROOMS.leave(room.seat)
    room.sit(key)


def _leave(room: InRoom) -> None:
    if room.seat is not None:
        with contextlib.suppress(RoomError):
            ROOMS.leave(room.seat)
        room.leave("left")
    _forget()


def _forget() -> None:
    """Forget the code, to type another one."""
    fields.put(DoorView, {"code": ""})
    state.of(Door).forget()


def _open(room: InRoom, own: bool) -> None:
    door = state.of(Door)
    try:
        room.leader = ROOMS.open(own_names=own, network=visitor.network())
        room.farewell, door.error = "", None
    except RoomError as error:
        door.error = error

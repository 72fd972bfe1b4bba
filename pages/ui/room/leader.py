"""The leader's page: the code, what is shown to the seats, and the wall."""

import contextlib

import streamlit as st

from ..i18n import _
from ..sentences import explain
from ..session import state
from ..widgets.markup import as_it_is
from . import code, download, rehearsal, wall
from .here import ROOMS, InRoom
from .seats import Key, RoomError
from .stage import choices, counts, predict, push
from .stage.board import NAMES, Board, act, end, lead
from .stage.stage import Stage


def draw(key: Key) -> None:
    """Draw the room that this key leads."""
    stage = None
    try:
        stage = ROOMS.stage(key.code)
    except RoomError as error:
        if error.gone:
            state.of(InRoom).stop_leading("ended")
            st.rerun()
        st.warning(explain(error), icon=":material/cloud_off:")
    with st.container(key="room-lead"):
        code.draw(key, stage.turn if stage else 0)
        if stage is not None:
            _controls(key, stage)
            _shown(key, stage)
            if stage.question is not None:
                predict.asked(key, stage.question)
    wall.draw(key, with_names=bool(state.get(NAMES)))
    download.draw(key, "page")
    rehearsal.draw(key)
    if stage is not None:
        _dialog(key, stage)


def _controls(key: Key, stage: Stage) -> None:
    board = state.of(Board)
    with st.container(horizontal=True, vertical_alignment="center", key="room-stage"):
        st.button(
            _("Everybody start here"),
            key="room.push",
            type="primary",
            icon=":material/cast:",
            on_click=board.show,
            args=("push",),
        )
        st.button(_("Predict"), key="room.predict", icon=":material/help:", on_click=board.show, args=("predict",))
        st.button(
            _("Go on") if stage.paused else _("Pause"),
            key="room.pause",
            type="primary" if stage.paused else "secondary",
            icon=":material/play_arrow:" if stage.paused else ":material/pause:",
            on_click=lead,
            args=(key,),
            kwargs={"paused": not stage.paused},
        )
        if stage.paused:
            st.markdown(_("All seats are paused."), width="content")
        st.toggle(_("Show names"), key=NAMES, persist_state="session")
        st.button(_("Seats"), key="room.seats", icon=":material/group:", on_click=board.show, args=("seats",))
        st.button(_("End the room"), key="room.end", icon=":material/logout:", on_click=board.show, args=("end",))


def _shown(key: Key, stage: Stage) -> None:
    """Draw what all seats are shown now, who looks, and who has solved it."""
    if stage.pushed is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="room-shown"):
        st.markdown(":material/cast: " + as_it_is(choices.name_of(stage)), width="content")
        counts.draw(key, "looks")
        if stage.lesson:
            counts.draw(key, "solved", lesson=stage.lesson)
        nothing = {"pushed": None, "lesson": ""}
        st.button(_("Show nothing"), key="room.unpush", on_click=lead, args=(key,), kwargs=nothing)


def _dialog(key: Key, stage: Stage) -> None:
    match state.of(Board).open:
        case "push":
            push.draw(key)
        case "predict":
            predict.draw(key, stage)
        case "seats":
            st.dialog(_("Seats"), on_dismiss=state.of(Board).close)(_seats)(key)
        case "end":
            st.dialog(_("End the room?"), on_dismiss=state.of(Board).close)(_end)(key)


def _seats(key: Key) -> None:
    if not state.of(Board).open:
        st.rerun()
    with contextlib.suppress(RoomError):  # the rooms cannot be reached now
        state.put("room.own_names", ROOMS.own_names(key.code))
    st.toggle(
        _("Own names"),
        key="room.own_names",
        help=_("Let everybody type their name."),
        on_change=_allow_names,
        args=(key,),
    )
    st.caption(_("Whoever is removed can come in again with the code."))
    counts.draw(key, "list")
    st.caption(_("The link that joins this room:"))
    st.code(code.join_address(key.code), language=None, wrap_lines=True)


def _allow_names(key: Key) -> None:
    act(ROOMS.allow_names, key, own=bool(state.get("room.own_names")))


def _end(key: Key) -> None:
    if not state.of(Board).open:
        st.rerun()
    st.markdown(_("This can't be undone: the wall and the seats are gone. Everybody keeps their own work."))
    download.draw(key, "end")
    with st.container(horizontal=True):
        st.button(_("End the room"), key="room.end.now", type="primary", on_click=end, args=(key,))
        st.button(_("Cancel"), key="room.end.not", on_click=state.of(Board).close)

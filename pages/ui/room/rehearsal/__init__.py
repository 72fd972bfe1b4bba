"""The leader's control that fills the room with simulated seats, to try everything before the class comes."""

from collections.abc import Callable

import streamlit as st

from ...i18n import _
from ...sentences import explain
from ...session import state
from ..here import ROOMS
from ..seats import Key, RoomError
from .running import SEATS, Rehearsals

REHEARSALS = Rehearsals(ROOMS)
"""Those of this server."""


class Refused:
    """Why the last wish was refused."""

    def __init__(self) -> None:
        self.error: RoomError | None = None


def draw(key: Key) -> None:
    """Draw the control, folded."""
    refused = state.of(Refused)
    with st.expander(_("Rehearsal"), icon=":material/theater_comedy:", key="room-rehearsal"):
        st.caption(
            _(
                "Try the room before your class comes: simulated seats join, train, solve lessons and answer questions "
                "for 20 minutes. What they show is really trained. Their names end with “(rehearsal)”."
            )
        )
        with st.container(horizontal=True):
            if REHEARSALS.runs(key.code):
                st.button(
                    _("Stop the rehearsal"),
                    key="room.rehearsal.stop",
                    icon=":material/stop:",
                    on_click=REHEARSALS.stop,
                    args=(key.code,),
                )
            else:
                st.button(
                    _("Rehearse with {count} simulated seats").format(count=SEATS),
                    key="room.rehearsal.start",
                    icon=":material/play_arrow:",
                    on_click=_do,
                    args=(key, REHEARSALS.start),
                )
            st.button(
                _("Remove the simulated seats"),
                key="room.rehearsal.remove",
                icon=":material/group_remove:",
                on_click=_do,
                args=(key, REHEARSALS.remove),
            )
        if refused.error is not None:
            st.error(explain(refused.error), icon=":material/error:")


def _do(key: Key, act: Callable[[Key], None]) -> None:
    refused = state.of(Refused)
    refused.error = None
    try:
        act(key)
    except RoomError as error:
        refused.error = error

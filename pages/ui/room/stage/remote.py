"""In the sidebar of every other page, for somebody who leads a room: one click shows the lab's run to everybody."""

import streamlit as st

from ...i18n import _
from ...session import state
from ..here import InRoom
from .board import push


def draw(page: str) -> None:
    """Draw the button and the way back to the room, if this session leads one."""
    leader = state.of(InRoom).leader
    if leader is None or page == "room":
        return
    with st.container(key="room-remote", gap="xsmall"):
        st.button(_("Show my run"), key="room.remote", icon=":material/cast:", width="stretch", on_click=_push)
        label = _("Room {code}").format(code=leader.code)
        st.page_link("room.py", label=label, icon=":material/groups:")


def _push() -> None:
    """Show what the lab shows last, which it tells at the end of its script run."""
    room = state.of(InRoom)
    if room.leader is None:
        return
    if room.latest is None:
        st.toast(_("There's no run to show yet: train first."), icon=":material/cast:")
        return
    push(room.leader, room.latest)
    st.toast(_("Everybody is asked to look at your run."), icon=":material/cast:")

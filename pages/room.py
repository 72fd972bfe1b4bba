"""The room in which a class learns together: open one, or take a seat."""

import contextlib

import streamlit as st

from pages.ui import layout
from pages.ui.i18n import _
from pages.ui.room import join, leader, reopened
from pages.ui.room.here import ROOMS, InRoom
from pages.ui.room.seats import RoomError
from pages.ui.session import share, state

layout.style("room/room.css")
layout.heading(_("Room"), _("Learn together: everybody on their own screen, all runs on one wall."))
share.read("room", join.DoorView)
room = state.of(InRoom)
with contextlib.suppress(RoomError):  # while the room cannot be reached, nobody knows
    if room.leader is not None and not ROOMS.leads(room.leader):
        room.stop_leading("ended")
        st.rerun()  # so that it is said above
if room.leader is not None:
    leader.draw(room.leader)
elif not reopened.draw() and join.draw(room):
    reopened.upload()

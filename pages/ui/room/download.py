"""The leader's button that takes the whole room along as a file."""

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..sentences import explain
from ..session import state
from .file import write_room
from .here import ROOMS
from .seats import Key, RoomError

FILE_NAME = "torch-workbench-room.json"


class Written:
    """Why the room could not be written."""

    def __init__(self) -> None:
        self.error: wb.WorkbenchError | None = None


def draw(key: Key, where: str) -> None:
    """Draw it, with the choice whether the names are in the file; `where` tells those of a page apart."""
    written = state.of(Written)
    with st.container(horizontal=True, vertical_alignment="center", key=f"room-file-{where}"):
        named = st.toggle(_("With the names"), key=f"room.file.named.{where}", persist_state="session")
        st.download_button(
            _("Download the room"),
            lambda: _file(key, written, with_names=named),
            file_name=FILE_NAME,
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key=f"room.file.download.{where}",
            help=_("All runs, verdicts and answers as one file for any workbench. It doesn't say who answered what."),
        )
    if written.error is not None:
        st.error(explain(written.error), icon=":material/block:")


def _file(key: Key, written: Written, *, with_names: bool) -> bytes:
    written.error = None
    try:
        stage, seats = ROOMS.stage(key.code), ROOMS.seats(key)
        return write_room(stage, seats, ROOMS.asked(key.code), with_names=with_names)
    except (RoomError, wb.LessonError) as error:
        written.error = error
        return b"{}"

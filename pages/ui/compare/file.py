"""The tray as a file to take home, and a file that brings runs back."""

import streamlit as st

import wb_core as wb
from wb_core.records import MOST_BYTES

from ..i18n import _
from ..sentences import explain
from ..session import state
from .tray import Tray

NAME = "torch-workbench-tray.json"


class Desk:
    """What became of the last file that was brought."""

    def __init__(self) -> None:
        self.seen: str | None = None
        self.found = self.new = 0
        self.error: wb.TrayError | None = None

    def take(self, file_id: str, data: bytes, tray: Tray) -> None:
        """Put the runs of a file into the tray, once; on an error the tray is as it was."""
        self.seen, self.error = file_id, None
        try:
            runs = wb.read_tray(data)
            self.found, self.new = len(runs), tray.keep(*runs)
        except wb.TrayError as error:
            self.error = error


def draw(tray: Tray) -> None:
    desk = state.of(Desk)
    left, right = st.columns(2, gap="large")
    with left:
        st.header(_("Take it with you"), anchor=False)
        st.caption(
            _(
                "A file with the settings, curves and predictions of all your saved runs. It's yours to keep after "
                "this visit."
            )
        )
        st.download_button(
            _("Download tray"),
            wb.write_tray(entry.run for entry in tray.entries),
            file_name=NAME,
            mime="application/json",
            icon=":material/download:",
            disabled=not tray.entries,
            on_click="ignore",
        )
    with right:
        st.header(_("Load it again"), anchor=False)
        file = st.file_uploader(
            _("Upload tray"),
            type=["json"],
            max_upload_size=1,
            key="compare.upload",
            help=_("A file made by Download tray, {size} kB at most. Its runs are added to the ones here.").format(
                size=MOST_BYTES // 1000
            ),
        )
        if file is not None and file.file_id != desk.seen:
            desk.take(file.file_id, file.getvalue(), tray)
            if desk.new and desk.error is None:
                st.rerun()
        if file is not None:
            _report(desk)


def _report(desk: Desk) -> None:
    if desk.error is not None:
        st.error(explain(desk.error), icon=":material/block:")
    else:
        told = _("Runs in the file: {found}. New in the tray: {new}.").format(found=desk.found, new=desk.new)
        st.success(told, icon=":material/inventory_2:")

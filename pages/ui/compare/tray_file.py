"""The tray as a file: download and upload."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb
from wb_core.records import MAX_BYTES

from ..i18n import _
from ..sentences import explain
from ..session import state
from ..widgets.uploader import uploader
from .tray import Tray

FILE_NAME = "torch-workbench-tray.json"


class TrayUpload:
    """The outcome of the last uploaded file."""

    def __init__(self) -> None:
        self.seen: str | None = None
        self.found = self.new = 0
        self.error: wb.TrayError | None = None

    def read(self, file_id: str, data: bytes, tray: Tray) -> None:
        """Add the runs of a file to the tray; an error leaves the tray unchanged."""
        self.seen, self.error = file_id, None
        try:
            runs = wb.read_tray(data)
            self.found, self.new = len(runs), tray.keep(*runs)
        except wb.TrayError as error:
            self.error = error


def draw(tray: Tray) -> None:
    """Draw the download, unless there is nothing in the tray, and the upload."""
    upload = state.of(TrayUpload)
    left, right = st.columns(2, gap="large") if tray.entries else (None, st.container())
    if left is not None:
        _draw_download(left, tray)
    with right:
        st.header(_("Load saved runs"), anchor=False)
        file = uploader(
            _("A file of saved runs"),
            megabytes=1,
            type=["json"],
            key="compare.upload",
            help=_("A file from “Download saved runs”, {size} kB at most. Its runs are added to the ones here.").format(
                size=MAX_BYTES // 1000
            ),
        )
        if file is not None and file.file_id != upload.seen:
            upload.read(file.file_id, file.getvalue(), tray)
            if upload.new and upload.error is None:
                st.rerun()
        if file is not None:
            _report(upload)


def _draw_download(place: DeltaGenerator, tray: Tray) -> None:
    with place:
        st.header(_("Take it with you"), anchor=False)
        st.caption(
            _(
                "A file with the settings, curves and predictions of all your saved runs. It's yours to keep after "
                "this visit."
            )
        )
        st.download_button(
            _("Download saved runs"),
            wb.write_tray(entry.run for entry in tray.entries),
            file_name=FILE_NAME,
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )


def _report(upload: TrayUpload) -> None:
    if upload.error is not None:
        st.error(explain(upload.error), icon=":material/block:")
    else:
        sentence = _("Runs in the file: {found}. New in the tray: {new}.").format(found=upload.found, new=upload.new)
        st.success(sentence, icon=":material/inventory_2:")

"""The offer to download the full data set."""

import streamlit as st

import wb_core as wb
from wb_core.kinds.images.data import find_folder, named_folder_error
from wb_core.kinds.images.data.download import DOWNLOAD

from ...i18n import _
from ...sentences import explain

TICK = 0.5


def there() -> bool:
    """Whether the full data set is on this machine."""
    return find_folder() is not None


def draw() -> None:
    """Draw the offer to download the full data set, or the progress; nothing if it is on this machine."""
    if there():
        return
    with st.container(key="download"):
        if DOWNLOAD.progress().state == "running":
            _draw_progress()
            return
        if (error := DOWNLOAD.progress().error) is not None:
            st.warning(explain(error) + " " + _("You can still use the 6,000 pictures."), icon=":material/cloud_off:")
        elif (error := named_folder_error()) is not None:
            st.warning(explain(error), icon=":material/folder_off:")
        else:
            st.info(
                _(
                    "The full set of 60,000 pictures isn't on this machine yet. It's 31 MB, downloaded once for "
                    "everyone here."
                ),
                icon=":material/cloud_download:",
            )
        again = DOWNLOAD.progress().error is not None
        st.button(
            _("Try again") if again else _("Download"),
            icon=":material/download:",
            on_click=DOWNLOAD.start,
            width="stretch",
        )


def no_pictures(error: wb.DataError) -> None:
    """Say in a panel why there are no pictures. What is wrong with a named folder stands beside the controls."""
    named = not there() and named_folder_error() is not None
    words = _("The full set isn't on this machine. “1 Data” says why.") if named else explain(error)
    st.info(words, icon=":material/folder_off:")


@st.fragment(run_every=TICK)
def _draw_progress() -> None:
    progress = DOWNLOAD.progress()
    if progress.state != "running":
        st.rerun()
    st.progress(
        progress.arrived / progress.total,
        text=_("Downloading: {arrived} of {total} MB").format(
            arrived=f"{progress.arrived / 1e6:.1f}", total=f"{progress.total / 1e6:.1f}"
        ),
    )

"""What a panel says where there is no model yet."""

import streamlit as st

from ....i18n import _
from ..lab import ImageLab, Result


def result(lab: ImageLab) -> Result | None:
    """The model on show, or a word on why there is none."""
    if lab.result is None:
        st.info(
            _("The model is tested after each epoch; the first test isn't done yet.")
            if lab.busy
            else _("There's no trained model yet. Press Train."),
            icon=":material/hourglass_top:" if lab.busy else ":material/play_circle:",
        )
    return lab.result

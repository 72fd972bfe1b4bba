"""The page before anything was kept."""

import streamlit as st

from ..i18n import _
from .tray import Tray


def draw(tray: Tray) -> None:
    with st.container(key="compare-nothing"):
        st.info(
            _(
                "Nothing saved yet. Train a model in a lab and press **Save this run** at the top. Change one "
                "thing, train and save again, and see here what it changed."
            ),
            icon=":material/bookmark_add:",
        )
        with st.container(horizontal=True, gap="medium", key="compare-ways"):
            st.page_link("linear.py", label=_("Linear regression"), icon=":material/show_chart:", width="content")
            st.page_link("images.py", label=_("Images"), icon=":material/image:", width="content")
            if tray.cleared:
                label = _("Undo: put {count} back").format(count=len(tray.cleared))
                st.button(label, icon=":material/undo:", on_click=tray.undo, key="compare.undo")

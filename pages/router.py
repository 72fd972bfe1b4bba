"""Runs before every page: page config, style, language and navigation."""

from pathlib import Path

import streamlit as st

from pages.ui import hands, i18n, layout, visit
from pages.ui.i18n import _
from pages.ui.lessons import opening
from pages.ui.room import watch
from pages.ui.room.stage import remote
from pages.ui.session import share
from pages.ui.widgets import focus

st.set_page_config(
    page_title="Torch Workbench",
    page_icon=str(Path(__file__).parent / "ui" / "icon.svg"),
    layout="wide",
    initial_sidebar_state=208,
    # An entry of our own makes Streamlit show the menu, which has the choice between light and dark theme.
    menu_items={"About": _("Torch Workbench: watch PyTorch learn.")},
)


def navigation() -> st.Page:
    """The pages, with their titles in the page's language; returns the current one."""
    return st.navigation(
        [
            st.Page("home.py", title=_("Start"), icon=":material/home:", default=True),
            st.Page("lessons.py", title=_("Lessons"), icon=":material/school:"),
            st.Page("tensors.py", title=_("Tensors"), icon=":material/grid_on:"),
            st.Page("linear.py", title=_("Linear regression"), icon=":material/show_chart:"),
            st.Page("step.py", title=_("One step"), icon=":material/footprint:"),
            st.Page("points.py", title=_("Points in the plane"), icon=":material/scatter_plot:"),
            st.Page("images.py", title=_("Images"), icon=":material/image:"),
            st.Page("sweep.py", title=_("Sweep"), icon=":material/grid_view:"),
            st.Page("room.py", title=_("Room"), icon=":material/groups:"),
            st.Page("compare.py", title=_("Compare"), icon=":material/stacked_line_chart:"),
            st.Page("device.py", title=_("Device"), icon=":material/memory:"),
        ]
    )


# Before the visit: a browser that answers it before it knows its page would be led to the first page.
page, language = navigation(), i18n.language()
layout.style()
visit.draw()
with st.sidebar:
    i18n.choose_language()
    hands.draw()
    remote.draw(page.url_path)
if i18n.language() != language:  # that of the visit
    page = navigation()
if page.url_path:  # all but the first
    st.set_page_config(page_title=f"{page.title} · Torch Workbench")
focus.on(None)
opening.follow()
watch.draw(page.url_path or "home")
page.run()
share.page_ended()

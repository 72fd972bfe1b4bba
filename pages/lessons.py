"""The lessons: the path, what is done and what is next; results as files; lessons of other people and of one's own."""

import streamlit as st

from pages.ui import layout
from pages.ui.i18n import _
from pages.ui.lessons import given, make, path, results

layout.heading(_("Lessons"), _("Short tasks on the real labs: predict, run, and be told why."))
path.draw()
with st.container(key="lessons-tools"):
    place = results.draw()
    st.header(_("Lessons of other people, and your own"), anchor=False)
    given.draw()
    make.draw()
results.work(place)

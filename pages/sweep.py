"""The sweep: every combination of two settings trained at once, as one picture in which each run can be opened."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.i18n import _
from pages.ui.labs.line.lab import LinearLab
from pages.ui.session import share, state
from pages.ui.sweep import kinds, line_runs, working
from pages.ui.sweep.lab import SweepLab
from pages.ui.sweep.view import SweepView

layout.style("sweep/sweep.css")
lab = state.of(SweepLab)
controls = kinds.lines(lab)
share.read("sweep", wb.LinearConfig, SweepView)
link = layout.heading(
    _("Sweep"), _("Which settings work? Train every combination at once, and open any run on the map.")
)
if lab.leaving is not None:
    there, lab.leaving = lab.leaving, None
    state.of(LinearLab).train(there, show="end")
    share.go("linear", (controls.config(), lab.view), there)
notices = st.container()
with st.container(key="lab"):
    left, main = st.columns([0.285, 0.715], gap="medium")

controls.prime()
view, error = controls.view()
config = controls.config()
with link:
    share.write("sweep", config, view)
with notices:
    share.notice("sweep", config, view)
with left:
    kinds.links()
    controls.draw(error)
with main:
    place = st.empty()
    if lab.busy:
        working.go_on(lab, place)
    with place.container():
        if lab.work is not None:
            line_runs.draw(lab, stale=lab.stale(config, view))
        else:
            st.info(
                _("Nothing trained yet. Press “Run the sweep”: it trains every combination of the two axes."),
                icon=":material/grid_view:",
            )
            if error is None:
                controls.preview(line_runs.RESULTS)

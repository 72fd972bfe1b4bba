"""The sweep: every combination of two settings trained at once, as one picture in which each run can be opened."""

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, layout
from pages.ui.i18n import _
from pages.ui.labs.line.lab import LinearLab
from pages.ui.session import share, state
from pages.ui.sweep import line_sweep
from pages.ui.sweep.controls import page_links
from pages.ui.sweep.lab import LineSweepLab
from pages.ui.sweep.view import SweepView

layout.style("sweep/sweep.css")
lab = state.of(LineSweepLab)
controls = line_sweep.controls(lab)
page = lab_page.begin(
    "sweep",
    _("Sweep"),
    _("Which settings work? Train every combination at once, and open any run on the map."),
    wb.LinearConfig,
    SweepView,
)
if lab.leaving is not None:
    there, lab.leaving = lab.leaving, None
    state.of(LinearLab).train(there, show="end")
    share.go("linear", (controls.config(), lab.view), there)
left, main = page.columns()

controls.prime()
view, error = controls.view()
config = controls.config()
page.share(config, view)

with left:
    page_links()
    controls.draw(error)
with main:
    place = st.empty()
    if lab.busy:
        line_sweep.train(lab, place)
    with place.container():
        if lab.work is not None:
            line_sweep.draw(lab, stale=lab.stale(config, view))
        else:
            st.info(
                _("Nothing trained yet. Press “Run the sweep”: it trains every combination of the two axes."),
                icon=":material/grid_view:",
            )
            if error is None:
                controls.preview(line_sweep.RESULTS)

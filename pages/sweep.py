"""The sweep page: trains every combination of two settings, and opens any run of the chart."""

import streamlit as st

from pages.ui import lab_page, layout
from pages.ui.i18n import _
from pages.ui.session import share, state
from pages.ui.sweep import kinds

layout.style("sweep/sweep.css")
choice = kinds.chosen()
sweep, lab = kinds.SWEEPS[choice.kind], state.of(kinds.SweepLabs).of(choice.kind)
controls, results = sweep.controls, sweep.results
classes = kinds.SweepChoice, controls.kind, controls.view_class
page = lab_page.begin("sweep", _("Sweep"), _(sweep.sentence), *classes)
if lab.leaving is not None:
    there, lab.leaving = lab.leaving, None
    sweep.open_run(lab, there)
    share.go(sweep.kind.page, (choice, controls.config(), lab.view), there)
with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="sweep-choices"):
    kinds.draw_choice()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="presets"):
        controls.draw_presets(lab)
left, main = page.columns()

view, error = controls.view()
config = controls.config()
missing = sweep.missing(config)
page.share(choice, config, view)

controls.open(lab)
with left:
    controls.draw(lab, error, missing=missing)
    if missing:
        sweep.download()
with main, st.container(key="sweep-room"):
    if lab.axes is not None:
        lab.draw(results, stale=lab.stale(config, view))
    else:
        controls.preview(results, _(sweep.empty))

"""The comparison: the runs that were kept in the labs, their curves over each other, and what sets them apart."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.compare import charts, empty_state, file, listed, side, table
from pages.ui.compare.tray import Tray
from pages.ui.i18n import _
from pages.ui.session import state

KINDS = {wb.LinearConfig: _("Lines"), wb.ImageConfig: _("Pictures")}

layout.style("compare/compare.css")
corner = layout.heading(
    _("Compare"),
    _("Which settings learn best? Your saved runs, overlaid, and what sets them apart."),
)
tray = state.of(Tray)
if tray.entries:
    with corner:
        st.button(_("Clear all"), icon=":material/delete:", on_click=tray.clear, key="compare.clear")
    charts.switches()
else:
    empty_state.draw(tray)

for kind, name in KINDS.items():
    entries = [entry for entry in tray.entries if isinstance(entry.run.config, kind)]
    if not entries:
        continue
    with st.container(key=f"compare-{kind.__name__}"):
        st.header(name, anchor=False)
        st.html(f'<p class="wb-finding">{charts.finding(entries)}</p>')
        left, right = st.columns([0.32, 0.68], gap="medium")
        with left:
            listed.draw(tray, entries)
        with right:
            charts.draw(entries)
        st.html(table.html(entries))
        side.draw(entries)

with st.container(key="compare-file"):
    file.draw(tray)

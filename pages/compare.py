"""The compare page: the runs kept in the labs, with overlaid curves and differing settings."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.compare import charts, run_list, side_by_side, table, tray_file
from pages.ui.compare.tray import Tray
from pages.ui.i18n import _
from pages.ui.session import state

layout.style("compare/compare.css")
corner = layout.heading(
    _("Compare"),
    _("Which settings learn best? Your saved runs, overlaid, and what sets them apart."),
)
tray = state.of(Tray)
with corner, st.container(horizontal=True, gap="small", key="compare-corner"):
    run_list.undo_button(tray)
if tray.entries:
    charts.switches()
else:
    run_list.draw_empty(tray)

for kind in wb.KINDS.values():
    entries = [entry for entry in tray.entries if wb.kind_of(entry.run.config) is kind]
    if not entries:
        continue
    with st.container(key=f"compare-{kind.config.__name__}"):
        st.header(_(kind.label), anchor=False)
        st.html(f'<p class="wb-finding">{charts.finding(entries)}</p>')
        left, right = st.columns([0.32, 0.68], gap="medium")
        with left:
            run_list.draw(tray, entries)
        with right:
            charts.draw(entries)
        st.html(table.html(entries))
        side_by_side.draw(entries)

if tray.entries:
    st.button(_("Clear all"), icon=":material/delete:", on_click=tray.clear, key="compare.clear", type="tertiary")
with st.container(key="compare-file"):
    tray_file.draw(tray)

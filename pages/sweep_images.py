"""The sweep of pictures: every combination of two settings as a training of its own, and results as they come."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.i18n import _
from pages.ui.labs.images import download
from pages.ui.labs.images.lab import ImageLab
from pages.ui.session import browser_storage, share, state
from pages.ui.sweep import image_runs, kinds
from pages.ui.sweep.image_lab import ImageSweepLab
from pages.ui.sweep.view import ImageSweepView
from pages.ui.widgets import fields

layout.style("sweep/sweep.css")
lab = state.of(ImageSweepLab)
controls = kinds.pictures(lab)
share.read("sweep_images", wb.ImageConfig, ImageSweepView)
link = layout.heading(
    _("Picture sweep"),
    _("Which settings tell clothes apart best? Train every combination, one after the other, and compare."),
)
if lab.leaving is not None:
    there, lab.leaving = lab.leaving, None
    if lab.work is not None and lab.chosen is not None and lab.report is not None and lab.report.finished:
        state.of(ImageLab).show(lab.work.tickets[lab.chosen] or "")  # of one under way, the sweep is the owner
    share.go("images", (controls.config(), lab.view), there)
notices = st.container()
with st.container(key="lab"):
    left, main = st.columns([0.285, 0.715], gap="medium")

controls.prime()
view, error = controls.view()
config = controls.config()
missing = config.dataset == "fashion_mnist" and not download.there()
with link:
    share.write("sweep_images", config, view)
with notices:
    share.notice("sweep_images", config, view)


def found(ticket: str) -> None:
    """Show the sweep that this tab had before it was reloaded."""
    before = lab.take_over(ticket)
    if before is not None and not share.asked("sweep_images"):
        for part in before:
            fields.fill(part)


with left:
    kinds.links()
    controls.draw(error, missing=missing)
    if missing:
        download.draw()
with main:
    if lab.work is None:
        st.info(
            _("Nothing trained yet. Press “Run the sweep”: each combination is a run of its own."),
            icon=":material/grid_view:",
        )
        if error is None:
            controls.preview(image_runs.RESULTS)
    else:
        image_runs.draw(lab, stale=lab.stale(config, view))
browser_storage.draw("sweep_images", lab.ticket, found)

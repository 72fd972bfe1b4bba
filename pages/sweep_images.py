"""The sweep of pictures: every combination of two settings as a training of its own, and results as they come."""

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, layout
from pages.ui.i18n import _
from pages.ui.labs.images import download
from pages.ui.labs.images.lab import ImageLab
from pages.ui.session import share, state
from pages.ui.sweep import image_sweep
from pages.ui.sweep.controls import page_links
from pages.ui.sweep.image_lab import ImageSweepLab
from pages.ui.sweep.view import ImageSweepView

layout.style("sweep/sweep.css")
lab = state.of(ImageSweepLab)
controls = image_sweep.controls(lab)
page = lab_page.begin(
    "sweep_images",
    _("Picture sweep"),
    _("Which settings tell clothes apart best? Train every combination, one after the other, and compare."),
    wb.ImageConfig,
    ImageSweepView,
)
if lab.leaving is not None:
    there, lab.leaving = lab.leaving, None
    if lab.work is not None and lab.chosen is not None and lab.report is not None and lab.report.finished:
        state.of(ImageLab).show(lab.work.tickets[lab.chosen] or "")  # of one under way, the sweep is the owner
    share.go("images", (controls.config(), lab.view), there)
left, main = page.columns()

controls.prime()
view, error = controls.view()
config = controls.config()
missing = config.dataset == "fashion_mnist" and not download.there()
page.share(config, view)

with left:
    page_links()
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
            controls.preview(image_sweep.RESULTS)
    else:
        image_sweep.draw(lab, stale=lab.stale(config, view))
page.remember_job(lab)

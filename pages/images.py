"""The image lab: choose a model, watch it learn batch by batch, and inspect its mistakes."""

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, layout
from pages.ui.compare import keep
from pages.ui.i18n import _
from pages.ui.labs import link
from pages.ui.labs.images import charts, controls, panels
from pages.ui.labs.images.lab import ImageLab
from pages.ui.session import state

layout.style("labs/images/images.css")
lab = state.of(ImageLab)
page = lab_page.begin(
    "images",
    _("Images"),
    _("Can PyTorch tell clothes apart? Pick a model, press Train, and see what it gets right and wrong."),
    wb.ImageConfig,
    keeps=True,
)
left, main = page.columns()

config = controls.config()
page.share(config, lacks=link.lacks(stale=lab.stale(config), loaded=lab.from_file))
lab.look()
if lab.ended:
    lab.ended = False
    panels.show_answers()

with main:
    with st.container(key="charts"):
        charts.draw(lab, config)
    panels.draw(lab)
with left:
    controls.draw(lab)
page.keep(keep.pictures(lab))
page.lesson(lambda: [lab.record(config)])

"""The image lab: choose a model, watch it learn pictures batch by batch, and look at what it gets wrong."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.compare import keep
from pages.ui.i18n import _
from pages.ui.labs.images import controls, panels, progress
from pages.ui.labs.images.lab import ImageLab
from pages.ui.session import browser_storage, share, state
from pages.ui.widgets import fields

layout.style("labs/images/images.css")
lab = state.of(ImageLab)
share.read("images", wb.ImageConfig)
link = layout.heading(
    _("Images"),
    _("Can PyTorch tell clothes apart? Pick a model, press Train, and see what it gets right and wrong."),
)
notices = st.container()
with st.container(key="lab"):
    left, main = st.columns([0.285, 0.715], gap="medium")

config = controls.config()
with link:
    kept = st.container(key="keep-here")
    share.write("images", config)
with notices:
    share.notice("images", config)


def found(ticket: str) -> None:
    """Show the job that this tab had before it was reloaded."""
    before = lab.take_over(ticket)
    if before is not None and not share.asked("images"):
        fields.fill(before)


lab.look()
if lab.ended:
    lab.ended = False
    panels.show_answers()
with main:
    with st.container(key="charts"):
        progress.draw(lab, config)
    panels.draw(lab)
with left:
    controls.draw(lab)
with kept:
    keep.draw(keep.pictures(lab))
browser_storage.draw("images", lab.ticket, found)

"""The start page: an experiment that one understands in a minute, and where to go from there."""

import streamlit as st

from pages.ui import layout
from pages.ui.i18n import _
from pages.ui.start import experiment, path

layout.style("start/start.css")
layout.heading("Torch Workbench", _("Watch PyTorch learn: train real models and replay every step."))
experiment.draw()
path.draw()
st.caption(_("Nothing you do leaves this server."))

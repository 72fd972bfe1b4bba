"""The device page: what PyTorch can compute on here, and what it takes to use it."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.device import answer, facts, moves, smi, timing
from pages.ui.i18n import _

layout.style("device/device.css")
layout.heading(
    _("Device"),
    _("What will PyTorch compute on? Everything here describes the server running this workbench, as it is now."),
)
machine = wb.this_machine()
answer.draw(machine)
facts.draw(machine)
with st.container(key="device"):
    left, right = st.columns([0.6, 0.4], gap="large")
    below = st.container()
with left:
    moves.draw(machine.device)
with right:
    timing.draw()
    beside = st.container()

# The last, since it may take seconds. What the program says is wide; a sentence on why there is none is not.
with below if wb.has_nvidia_smi() else beside:
    smi.draw(machine)

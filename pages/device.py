"""The device page: the devices that PyTorch can use here, and how fast they are."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.device import machine as machine_facts
from pages.ui.device import nvidia_smi, timing, transfers
from pages.ui.i18n import _

layout.style("device/device.css")
layout.heading(
    _("Device"),
    _("What will PyTorch compute on? Everything here describes the server running this workbench, as it is now."),
)
machine = wb.this_machine()
machine_facts.draw_answer(machine)
machine_facts.draw_cards(machine)
with st.container(key="device"):
    left, right = st.columns([0.6, 0.4], gap="large")
    below = st.container()
with left:
    transfers.draw(machine.device)
with right:
    timing.draw()
    beside = st.container()

# Last, because nvidia-smi may take seconds. Its output needs the full width; the note that it is missing does not.
with below if wb.has_nvidia_smi() else beside:
    nvidia_smi.draw(machine)

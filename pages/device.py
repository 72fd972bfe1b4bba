"""The device page: what PyTorch computes on here and how fast; drawers have all the rest."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.device import machine as machine_facts
from pages.ui.device import nvidia_smi, timing, transfers
from pages.ui.i18n import _

layout.style("device/device.css")
layout.heading(_("Device"), _("What does PyTorch compute on here?"))
machine = wb.this_machine()
machine_facts.draw_answer(machine)
with st.container(key="device"):
    timing.draw()
    with st.container(gap="small"):
        with st.expander(_("All details"), key="device-details"):
            machine_facts.draw_cards(machine)
        with st.expander(_("One script for any machine"), key="device-script"):
            transfers.draw(machine.device)
        if wb.has_nvidia_smi():
            with st.expander("nvidia-smi", key="device-nvidia-smi"):
                nvidia_smi.draw(machine)  # last, because it may take seconds

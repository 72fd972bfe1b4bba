"""The device that a run computes on, and what else there is."""

import streamlit as st
import torch

import wb_core as wb

from ....i18n import _
from ..lab import LinearLab


def draw(lab: LinearLab) -> None:
    run = lab.run
    facts = {
        _("Device in use"): f"`{run.device}` ({wb.device_name(run.device)})",
        _("This machine has"): ", ".join(f"`{name}`" for name in wb.available_devices()),
        _("PyTorch version"): f"`{torch.__version__}`",
        _("Training time"): _("{milliseconds} ms for {epochs} epochs").format(
            milliseconds=f"{run.seconds * 1000:.0f}", epochs=f"{run.epoch:,}"
        ),
    }
    st.markdown("\n".join(f"- {name}: {value}" for name, value in facts.items()))
    st.caption(_("A model with two parameters is fastest on the CPU: moving it to a GPU costs more than it saves."))

"""The device panel: where a run trained, how long it took, and what else this machine has."""

import streamlit as st
import torch

import wb_core as wb

from ..i18n import _


def draw(run: wb.Run, note: str) -> None:
    """Draw the device of a run and the other devices of this machine, with a `note` on which is best."""
    facts = {
        _("Device in use"): f"`{run.device}` ({wb.device_name(run.device)})",
        _("This machine has"): ", ".join(f"`{name}`" for name in wb.available_devices()),
        _("PyTorch version"): f"`{torch.__version__}`",
        _("Training time"): _("{milliseconds} ms for {epochs} epochs").format(
            milliseconds=f"{run.seconds * 1000:.0f}", epochs=f"{run.epoch:,}"
        ),
    }
    st.markdown("\n".join(f"- {name}: {value}" for name, value in facts.items()))
    st.caption(note)

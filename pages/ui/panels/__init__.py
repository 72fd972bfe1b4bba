"""What can be opened under the player of the linear-regression lab, one module per panel."""

from collections.abc import Callable

import streamlit as st

from .. import state
from ..i18n import N_, _
from ..linear_lab import LinearLab
from . import checkpoint, code, device, model, printout, tensors

PANELS: dict[str, tuple[str, Callable[[LinearLab], None]]] = {
    "printout": (N_("Printout"), printout.draw),
    "tensors": (N_("Tensors"), tensors.draw),
    "model": (N_("Model"), model.draw),
    "checkpoint": (N_("Checkpoint"), checkpoint.draw),
    "code": (N_("Code"), code.draw),
    "device": (N_("Device"), device.draw),
}
KEY = "linear.panel"


def draw(lab: LinearLab) -> None:
    """Draw the choice of panels, and the one that is chosen; the others cost nothing."""
    state.prime(KEY, "printout")
    chosen = st.segmented_control(
        _("Look inside"),
        list(PANELS),
        format_func=lambda name: _(PANELS[name][0]),
        key=KEY,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    with st.container(key=f"panel.{chosen}"):
        PANELS[chosen][1](lab)

"""What can be opened under the player of the linear-regression lab, one module per panel."""

from collections.abc import Callable

import streamlit as st

from ....i18n import N_, _
from ....widgets.choice import one_of
from ..lab import LinearLab
from . import checkpoint, code, device, log, model, tensors

PANELS: dict[str, tuple[str, Callable[[LinearLab], None]]] = {
    "printout": (N_("Log"), log.draw),
    "tensors": (N_("Tensors"), tensors.draw),
    "model": (N_("Model"), model.draw),
    "checkpoint": (N_("Checkpoint"), checkpoint.draw),
    "code": (N_("Code"), code.draw),
    "device": (N_("Device"), device.draw),
}
KEY = "linear.panel"


def draw(lab: LinearLab) -> None:
    """Draw the choice of panels, and the one that is chosen; the others cost nothing."""
    chosen = one_of(_("Look inside"), {name: label for name, (label, _draw) in PANELS.items()}, KEY)
    with st.container(key=f"panel.{chosen}"):
        PANELS[chosen][1](lab)

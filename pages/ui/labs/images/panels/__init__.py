"""What can be opened under the charts of the image lab, one module per panel."""

from collections.abc import Callable

import streamlit as st

from ....i18n import N_, _
from ....session import state
from ....widgets.choice import one_of
from ..lab import ImageLab
from . import checkpoint, code, data, layers, predictions, times

PANELS: dict[str, tuple[str, Callable[[ImageLab], None]]] = {
    "data": (N_("Pictures"), data.draw),
    "answers": (N_("Right and wrong"), predictions.draw),
    "layers": (N_("Layer by layer"), layers.draw),
    "times": (N_("Training time"), times.draw),
    "checkpoint": (N_("Checkpoint"), checkpoint.draw),
    "code": (N_("Code"), code.draw),
}
KEY = "images.panel"


def draw(lab: ImageLab) -> None:
    """Draw the choice of panels, and the one that is chosen; the others cost nothing."""
    chosen = one_of(_("Look inside"), {name: label for name, (label, _draw) in PANELS.items()}, KEY)
    with st.container(key=f"panel.{chosen}"):
        PANELS[chosen][1](lab)


def show_answers() -> None:
    """After a training, what came of it is what one wants to see next, unless one looks at something else already."""
    if state.get(KEY, "data") == "data":
        state.put(KEY, "answers")

"""The panels below the player of the linear-regression lab."""

from collections.abc import Callable

from ....i18n import N_, _
from ....widgets import choice
from .. import code
from ..lab import LinearLab
from . import checkpoint, inside, log

PANELS: dict[str, tuple[str, Callable[[LinearLab], None]]] = {
    "printout": (N_("Log"), log.draw),
    "tensors": (N_("Tensors"), inside.tensors),
    "model": (N_("Model"), inside.model),
    "checkpoint": (N_("Checkpoint"), checkpoint.draw),
    "code": (N_("Code"), code.draw),
    "device": (N_("Device"), inside.device),
}
KEY = "linear.panel"


def draw(lab: LinearLab) -> None:
    """Draw the choice of panels and the chosen panel."""
    choice.panels(_("Look inside"), PANELS, KEY, lab)

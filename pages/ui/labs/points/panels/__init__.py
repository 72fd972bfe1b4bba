"""The panels below the player of the lab for points in the plane."""

from collections.abc import Callable

from ....i18n import N_, _
from ....widgets import choice
from .. import code
from ..lab import PointsLab
from . import checkpoint, inside

PANELS: dict[str, tuple[str, Callable[[PointsLab], None]]] = {
    "printout": (N_("Log"), inside.log),
    "model": (N_("Model"), inside.model),
    "checkpoint": (N_("Checkpoint"), checkpoint.draw),
    "code": (N_("Code"), code.draw),
    "device": (N_("Device"), inside.device),
}
KEY = "points.panel"


def draw(lab: PointsLab) -> None:
    """Draw the choice of panels and the chosen panel."""
    choice.panels(_("Look inside"), PANELS, KEY, lab)

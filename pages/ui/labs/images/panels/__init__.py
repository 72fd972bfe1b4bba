"""The panels below the charts of the image lab, one module each."""

from collections.abc import Callable

from ....i18n import N_, _
from ....session import state
from ....widgets import choice
from .. import code
from ..lab import ImageLab
from . import checkpoint, data, layers, predictions, times

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
    """Draw the choice of panels and the chosen panel."""
    choice.panels(_("Look inside"), PANELS, KEY, lab)


def show_answers() -> None:
    """Switch to the predictions after a training, unless the user has chosen another panel."""
    if state.get(KEY, "data") == "data":
        state.put(KEY, "answers")

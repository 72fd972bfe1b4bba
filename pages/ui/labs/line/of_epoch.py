"""The parts of the panels that show the line of one epoch."""

from ...session import state
from .. import of_epoch
from ..of_epoch import Part
from .branches import LineBranches
from .lab import LinearLab


def draw(lab: LinearLab, part: Part) -> None:
    """Draw `part` with the run as it was after that epoch; see `labs/of_epoch.py`."""
    of_epoch.draw(lab, part, state.of(LineBranches).token(lab)["token"])

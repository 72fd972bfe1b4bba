"""The checkpoint panel of the line lab."""

import functools

from ....session import state
from ...checkpoint import of_run
from ...checkpoint.of_run import RunProofs
from .. import of_epoch
from ..lab import LinearLab


class LineProofs(RunProofs):
    """Those of lines."""


def draw(lab: LinearLab) -> None:
    """Draw the panel."""
    at_epoch = functools.partial(of_epoch.draw, lab)
    of_run.draw(lab, state.of(LineProofs), at_epoch, lambda run: run.data.X_test, "X_test")

"""The checkpoint panel of points in the plane."""

import functools

from ....session import state
from ...checkpoint import of_run
from ...checkpoint.of_run import RunProofs
from .. import of_epoch
from ..lab import PointsLab


class PointsProofs(RunProofs):
    """Those of networks."""


def draw(lab: PointsLab) -> None:
    """Draw the panel."""
    at_epoch = functools.partial(of_epoch.draw, lab)
    of_run.draw(lab, state.of(PointsProofs), at_epoch, lambda run: run.data.points_test.cpu(), "x1, x2")

"""The checkpoint panel of points in the plane."""

import functools

from ....session import state
from ... import run_checkpoint
from ...run_checkpoint import RunProofs
from .. import of_epoch
from ..lab import PointsLab


class PointsProofs(RunProofs):
    """Those of networks."""


def draw(lab: PointsLab) -> None:
    """Draw the panel."""
    at_epoch = functools.partial(of_epoch.draw, lab)
    run_checkpoint.draw(lab, state.of(PointsProofs), at_epoch, lambda run: run.data.points_test.cpu(), "x1, x2")

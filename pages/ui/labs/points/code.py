"""The panel with the PyTorch code that reproduces the displayed run."""

import functools
from collections.abc import Callable

import wb_core as wb
from wb_core.kinds.points.export import MAX_IN_CODE, points_csv

from ...session import state
from ...widgets.code_panel import Recipe
from .. import run_code
from ..branches import code
from . import of_epoch
from .branches import PointsBranches
from .lab import PointsLab

FILE = "02_pytorch_classification"
KEY = "points.code_of"


def recipe(lab: PointsLab, epoch: int | None = None) -> Recipe:
    """The recipe of the displayed model; see `run_code.recipe`."""
    return run_code.recipe(lab, _checkpoint(lab), epoch)


def draw(lab: PointsLab) -> None:
    """Draw the code, and a sentence about the training it belongs to; of several branches, that of the chosen one."""
    branches = state.of(PointsBranches)
    code.draw(
        branches.of(lab, branches.view),
        KEY,
        main=functools.partial(of_epoch.draw, lab, functools.partial(_draw, lab)),
        start=_checkpoint(lab) if lab.loaded else None,
        file=FILE,
        points=_points,
    )


def _checkpoint(lab: PointsLab) -> str:
    config = lab.run.config
    return wb.kind_of(config).checkpoint_name(config)


def _draw(lab: PointsLab, run: wb.Run, epoch: int | None) -> None:
    run_code.draw(recipe(lab, epoch), run, epoch, FILE, _points(run.config))


def _points(config: wb.PointsConfig) -> Callable[[], str] | None:
    """What makes the file with the points, if there are too many for the code itself."""
    return functools.partial(points_csv, config) if len(config.own) > MAX_IN_CODE else None

"""The panel with the PyTorch code that reproduces the displayed run."""

import functools
from collections.abc import Callable

import wb_core as wb
from wb_core.kinds.line.export import MAX_IN_CODE

from ...session import state
from ...widgets.code_panel import Recipe
from .. import run_code
from ..branches import code
from . import of_epoch
from .branches import LineBranches
from .lab import LinearLab

FILE = "01_pytorch_workflow"
KEY = "linear.code_of"


def recipe(lab: LinearLab, epoch: int | None = None) -> Recipe:
    """The recipe of the displayed model; see `run_code.recipe`."""
    return run_code.recipe(lab, lab.run.start, epoch)


def draw(lab: LinearLab) -> None:
    """Draw the code, and a sentence about the training it belongs to; of several branches, that of the chosen one."""
    branches = state.of(LineBranches)
    code.draw(
        branches.of(lab, branches.view),
        KEY,
        main=functools.partial(of_epoch.draw, lab, functools.partial(_draw, lab)),
        start=lab.run.start if lab.loaded else None,
        file=FILE,
        points=_points,
    )


def _draw(lab: LinearLab, run: wb.Run, epoch: int | None) -> None:
    run_code.draw(recipe(lab, epoch), run, epoch, FILE, _points(run.config))


def _points(config: wb.LinearConfig) -> Callable[[], str] | None:
    """What makes the file with the points, if there are too many for the code itself."""
    return functools.partial(wb.points_csv, config) if len(config.points) > MAX_IN_CODE else None

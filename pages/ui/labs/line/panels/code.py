"""The PyTorch code of the run on show."""

from ....widgets import code_panel
from ..code import recipe
from ..lab import LinearLab

FILE = "01_pytorch_workflow"


def draw(lab: LinearLab) -> None:
    code_panel.draw(recipe(lab), code_panel.what_it_is(trained=lab.run.epoch > 0, stale=lab.stale(lab.seen)), FILE)

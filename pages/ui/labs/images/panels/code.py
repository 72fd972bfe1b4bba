"""The PyTorch code of the run on show."""

from ....widgets import code_panel
from .. import controls
from ..lab import ImageLab
from ..recipe import recipe

FILE = "03_pytorch_computer_vision"


def draw(lab: ImageLab) -> None:
    config = controls.config()
    trained = lab.report is not None and lab.report.job.train
    sentence = code_panel.what_it_is(trained=trained, stale=lab.stale(config))
    code_panel.draw(recipe(lab, config), sentence, FILE)

"""The PyTorch code that makes the displayed run from scratch, and the panel that shows it."""

import dataclasses
from dataclasses import dataclass

import wb_core as wb

from ...i18n import Translator
from ...widgets import code_panel
from . import controls
from .lab import ImageLab

FILE = "03_pytorch_computer_vision"

NUMBERS = {"linear": 0, "relu": 1, "tiny_vgg": 2}


def checkpoint_name(config: wb.ImageConfig) -> str:
    """The name of the file that a model goes home in, as in the course that the notes follow."""
    return f"03_pytorch_computer_vision_model_{NUMBERS[config.model]}.pth"


@dataclass(frozen=True)
class Recipe:
    """A config, and the checkpoint from which its training begins, if it is not the seed's random numbers."""

    config: wb.ImageConfig
    start: str | None

    def script(self, say: Translator) -> str:
        return wb.to_script(self.config, say, start=self.start)

    def notebook(self, say: Translator) -> str:
        return wb.to_notebook(self.config, say, start=self.start)

    def marked(self, say: Translator) -> tuple[int, ...]:
        """The lines of the script that differ from the default settings, counted from 1."""
        return wb.changed_lines(self.config, say, start=self.start)


def recipe(lab: ImageLab, config: wb.ImageConfig) -> Recipe:
    """How to get the displayed model again; before a training, what training will make of these settings."""
    report = lab.report
    if report is None or not report.job.train:
        return Recipe(config, checkpoint_name(config) if lab.can_resume(config) else None)
    shown = report.job.config
    ended_early = report.state in ("cancelled", "failed")
    epochs = len(report.rows) if ended_early and report.rows else shown.epochs
    return Recipe(
        dataclasses.replace(shown, epochs=epochs), checkpoint_name(shown) if report.job.weights is not None else None
    )


def draw(lab: ImageLab) -> None:
    """The panel: the code, and a sentence on which training it is of."""
    config = controls.config()
    trained = lab.report is not None and lab.report.job.train
    sentence = code_panel.what_it_is(trained=trained, stale=lab.stale(config))
    code_panel.draw(recipe(lab, config), sentence, FILE)

"""Which code makes the run on show, from nothing, in one go."""

import dataclasses
from dataclasses import dataclass

import wb_core as wb

from ...i18n import Translator
from .lab import ImageLab

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
    """How to get the model on show again; before a training, what training will make of these settings."""
    report = lab.report
    if report is None or not report.job.train:
        return Recipe(config, checkpoint_name(config) if lab.can_resume(config) else None)
    shown = report.job.config
    ended_early = report.state in ("cancelled", "failed")
    epochs = len(report.rows) if ended_early and report.rows else shown.epochs
    return Recipe(
        dataclasses.replace(shown, epochs=epochs), checkpoint_name(shown) if report.job.weights is not None else None
    )

"""Which code makes the run on show, from nothing, in one go."""

import dataclasses
from dataclasses import dataclass

import wb_core as wb

from ...i18n import Translator
from .lab import LinearLab


@dataclass(frozen=True)
class Recipe:
    """A config and where its training begins: {"weight": ..., "bias": ...}, or None for the seed's random numbers."""

    config: wb.LinearConfig
    start: dict[str, float] | None

    def script(self, say: Translator) -> str:
        return wb.to_script(self.config, say, start=self.start)

    def notebook(self, say: Translator) -> str:
        return wb.to_notebook(self.config, say, start=self.start)

    def marked(self, say: Translator) -> tuple[int, ...]:
        """The lines of the script that differ from the default settings, counted from 1."""
        return wb.changed_lines(self.config, say, start=self.start)


def recipe(lab: LinearLab) -> Recipe:
    """How to get the model on show again. Of a model that is not trained yet: what training will make of it.

    However often a training was stopped or continued, it is the same as one of that many epochs. One that diverged
    gets all the epochs that it was meant to have: the code notices by itself, as the run did.
    """
    run = lab.run
    epochs = run.epochs if run.diverged_at is not None else run.epoch or run.epochs
    return Recipe(dataclasses.replace(run.config, epochs=epochs), run.start if lab.loaded else None)

"""The PyTorch code that makes the displayed run from scratch, and the panel that shows it."""

import dataclasses

from ...widgets import code_panel
from ...widgets.code_panel import Recipe
from .lab import LinearLab

FILE = "01_pytorch_workflow"


def recipe(lab: LinearLab) -> Recipe:
    """How to get the displayed model again; for an untrained model, the training that the settings ask for.

    A training that was stopped or continued is the same as one with that many epochs. One that diverged gets all the
    epochs that it was meant to have: the code detects it as the run did.
    """
    run = lab.run
    epochs = run.epochs if run.diverged_at is not None else run.epoch or run.epochs
    return Recipe(dataclasses.replace(run.config, epochs=epochs), run.start if lab.loaded else None)


def draw(lab: LinearLab) -> None:
    """The panel: the code, and a sentence on which training it is of."""
    sentence = code_panel.what_it_is(trained=lab.run.epoch > 0, stale=lab.stale(lab.seen))
    code_panel.draw(recipe(lab), sentence, FILE)

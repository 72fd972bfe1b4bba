"""The panel with the PyTorch code that reproduces the displayed run."""

import dataclasses

from ...widgets import code_panel
from ...widgets.code_panel import Recipe
from .lab import LinearLab

FILE = "01_pytorch_workflow"


def recipe(lab: LinearLab) -> Recipe:
    """The recipe of the displayed model or, if it is untrained, of the training that the settings describe.

    Stopping or continuing a training equals one training with the total number of epochs. A diverged run keeps all the
    epochs it should have had, because the code detects the divergence, too.
    """
    run = lab.run
    epochs = run.epochs if run.diverged_at is not None else run.epoch or run.epochs
    return Recipe(dataclasses.replace(run.config, epochs=epochs), run.start if lab.loaded else None)


def draw(lab: LinearLab) -> None:
    """Draw the code, and a sentence about the training it belongs to."""
    sentence = code_panel.what_it_is(trained=lab.run.epoch > 0, stale=False)
    code_panel.draw(recipe(lab), sentence, FILE)

"""The panel with the PyTorch code that reproduces the displayed run."""

import dataclasses
import functools

import wb_core as wb

from ...i18n import _
from ...widgets import code_panel
from ...widgets.code_panel import Recipe
from . import of_epoch
from .lab import LinearLab

FILE = "01_pytorch_workflow"


def recipe(lab: LinearLab, epoch: int | None = None) -> Recipe:
    """The recipe of the displayed model or, if it is untrained, of the training that the settings describe.

    Stopping or continuing a training equals one training with the total number of epochs. A diverged run keeps all the
    epochs it should have had, because the code detects the divergence, too. With an `epoch` before the last one, the
    recipe ends with the model after it.
    """
    run = lab.run
    epochs = run.epochs if run.diverged_at is not None else run.epoch or run.epochs
    if epoch is not None and epoch < run.epoch - 1:
        epochs = epoch + 1
    return Recipe(dataclasses.replace(run.config, epochs=epochs), run.start if lab.loaded else None)


def draw(lab: LinearLab) -> None:
    """Draw the code, and a sentence about the training it belongs to."""
    of_epoch.draw(lab, functools.partial(_draw, lab))


def _draw(lab: LinearLab, run: wb.Run, epoch: int | None) -> None:
    sentence = code_panel.what_it_is(trained=epoch is not None, stale=False)
    if epoch is not None and epoch < run.epoch - 1:
        sentence = _(
            "The PyTorch code of the run shown above, up to epoch {epoch}. Run it at home and you get the same numbers."
        ).format(epoch=f"{epoch:,}")
    code_panel.draw(recipe(lab, epoch), sentence, FILE)

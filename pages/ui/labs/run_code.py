"""The code panel of a `RunLab`: the PyTorch code that reproduces its displayed run."""

import dataclasses
from collections.abc import Callable
from typing import Any

import wb_core as wb

from ..i18n import _
from ..widgets import code_panel
from ..widgets.code_panel import Recipe
from .run_lab import RunLab


def recipe(lab: RunLab, start: Any, epoch: int | None = None) -> Recipe:
    """The recipe of the displayed model or, if it is untrained, of the training that the settings describe.

    Stopping or continuing a training equals one training with the total number of epochs. A diverged run keeps all the
    epochs it should have had, because the code detects the divergence, too. With an `epoch` before the last one, the
    recipe ends with the model after it. `start` is what the kind's code begins with if the model came from a file.
    """
    run = lab.run
    epochs = run.epochs if run.diverged_at is not None else run.epoch or run.epochs
    if epoch is not None and epoch < run.epoch - 1:
        epochs = epoch + 1
    return Recipe(dataclasses.replace(run.config, epochs=epochs), start if lab.loaded else None)


def draw(recipe: Recipe, run: wb.Run, epoch: int | None, file: str, points: Callable[[], str] | None) -> None:
    """Draw the code, and a sentence about the training it belongs to; see `code_panel.draw`."""
    sentence = code_panel.what_it_is(trained=epoch is not None, stale=False)
    if epoch is not None and epoch < run.epoch - 1:
        sentence = _(
            "The PyTorch code of the run shown above, up to epoch {epoch}. Run it at home and you get the same numbers."
        ).format(epoch=f"{epoch:,}")
    code_panel.draw(recipe, sentence, file, points)

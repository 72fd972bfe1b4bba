"""The panel with the PyTorch code that reproduces the displayed run."""

import dataclasses

import wb_core as wb

from ...widgets import code_panel
from ...widgets.code_panel import Recipe
from . import controls
from .lab import ImageLab

FILE = "03_pytorch_computer_vision"


def checkpoint_name(config: wb.ImageConfig) -> str:
    """The file name of the checkpoint of a config's model."""
    return wb.kind_of(config).checkpoint_name(config)


def recipe(lab: ImageLab, config: wb.ImageConfig) -> Recipe:
    """The recipe of the displayed model or, before a training, of the training that `config` describes."""
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
    """Draw the code, and a sentence about the training it belongs to."""
    config = controls.config()
    trained = lab.report is not None and lab.report.job.train
    sentence = code_panel.what_it_is(trained=trained, stale=lab.stale(config))
    code_panel.draw(recipe(lab, config), sentence, FILE)

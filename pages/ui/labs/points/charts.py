"""The displayed run in the player: the plane with its boundary, the network, losses and accuracies."""

from typing import Any

import wb_core as wb

from ...figures import palette
from ...figures.points import every, points_charts
from ...i18n import _, language, translator
from ...player import Pressed, Readout, play
from .lab import PointsLab

LOSSES = {1: "nn.BCEWithLogitsLoss"}
"""PyTorch's name of the loss by the number of outputs; `nn.CrossEntropyLoss` for others."""


def draw(lab: PointsLab) -> Pressed:
    """Draw the player; returns what the user just asked for."""
    config = lab.run.config
    recording = lab.recording
    return play(
        recording,
        points_charts(recording, LOSSES.get(config.outputs, "nn.CrossEntropyLoss"), translator(language())),
        _readouts(),
        token=lab.token,
        show=lab.show,
        first=lab.first,
        still=lab.run.config.epochs == 1 and not recording.trained,
        revision=lab.run.epoch,
        growing=lab.growing if lab.training else None,
        plane=plane(lab.run),
        key="points.player",
    )


def plane(run: wb.PointsRun) -> dict[str, Any]:
    """What `player/plane` needs beside the columns of the recording: the shape of the network, and its words."""
    config = run.config
    return {
        "network": {
            "features": config.features,
            "hidden": config.hidden,
            "outputs": config.outputs,
            "activation": config.activation,
        },
        "classes": config.n_classes,
        "every": every(config, max(run.epochs, run.epoch)),
        "words": {
            "boundary": _("What the network says about every place"),
        },
    }


def _readouts() -> tuple[Readout, ...]:
    return (
        Readout(
            _("Train loss"),
            _("How wrong the model was on its training points. 0 is perfect."),
            "train_loss",
            palette.TRAIN,
        ),
        Readout(
            _("Test loss"),
            _("How wrong the model is on points it has never seen. This is the one that counts."),
            "test_loss",
            palette.TEST,
        ),
        Readout(
            _("Train accuracy (%)"),
            _("The percent of all training points that the model gets right."),
            "train_accuracy",
            palette.TRAIN,
        ),
        Readout(
            _("Test accuracy (%)"),
            _("The percent of all test points that the model gets right."),
            "test_accuracy",
            palette.TEST,
        ),
    )

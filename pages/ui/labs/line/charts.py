"""The displayed run in the player: three linked charts and four numbers."""

from collections.abc import Mapping
from typing import Any

import wb_core as wb

from ...figures import palette
from ...figures.linear import linear_charts
from ...i18n import _, language, translator
from ...player import Readout, play
from ...widgets.fields import torch_name
from .lab import LinearLab


def draw(lab: LinearLab, live: Mapping[str, Any] | None = None) -> int | None:
    """Draw the player; returns the epoch that the user just asked to see line by line, if any.

    `live` is what `live.offer` gives the browser for its sliders.
    """
    recording = lab.recording
    return play(
        recording,
        linear_charts(recording, torch_name(lab.run.config, "loss"), translator(language())),
        _readouts(lab.run),
        token=lab.token,
        show=lab.show,
        first=lab.first,
        live=live,
        revision=lab.run.epoch,
        growing=lab.growing if lab.training else None,
        inspect=(_("Line by line"), _("See what every line of code did in this epoch.")),
        key="player",
    )


def _readouts(run: wb.Run) -> tuple[Readout, ...]:
    """The four numbers above the charts."""
    return (
        Readout(
            _("Train loss"),
            _("How wrong the model was on its training points, just before this epoch's step. 0 is perfect."),
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
            _("Model's weight"),
            _("The slope the model has learned, next to the true one."),
            "weight",
            palette.PREDICTION,
            run.config.weight,
        ),
        Readout(
            _("Model's bias"),
            _("Where the model's line starts, next to the true start."),
            "bias",
            palette.PREDICTION,
            run.config.bias,
        ),
    )

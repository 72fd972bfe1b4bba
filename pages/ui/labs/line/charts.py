"""The displayed run in the player: three linked charts and four numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import wb_core as wb

from ...figures import palette
from ...figures.biography import biography_charts, with_biography
from ...figures.branches import charts_with_branches, with_branches
from ...figures.linear import linear_charts
from ...i18n import _, language, translator
from ...player import Pressed, Readout, play
from ...widgets.fields import torch_name
from . import fit, start
from .branches.runs import Branch, Branches
from .lab import LinearLab


def draw(lab: LinearLab, branches: Branches, shown: Sequence[Branch], live: Mapping[str, Any] | None = None) -> Pressed:
    """Draw the player, with these branches of the run; returns what the user just asked for.

    `live` is what `live.offer` gives the browser for its sliders.
    """
    say, curves = translator(language()), [branch.curve for branch in shown]
    charts = linear_charts(lab.recording, torch_name(lab.run.config, "loss"), say)
    recording = with_branches(lab.recording, lab.run, curves)
    charts = charts_with_branches(charts, recording, curves, say)
    added = [f"{branch.text} {branch.run.epoch}" for branch in shown]
    point = None if curves else fit.chosen(lab)
    if point is not None:
        added.append(f"point {point}")
        life = lab.biography(point)
        recording = with_biography(recording, life)
        charts = (*charts, *biography_charts(recording, point, life, say))
    return play(
        recording,
        charts,
        _readouts(lab.run),
        **branches.token(lab),
        live=live,
        revision=" ".join([str(lab.run.epoch), *added]),
        growing=lab.growing if lab.training else None,
        inspect=(_("Line by line"), _("See what every line of code did in this epoch.")),
        place=(_("Click to start there"), start.put),
        fit=fit.offer(lab.run, point),
        edited=fit.put,
        chosen=fit.choose,
        branch=(_("Branch here"), _("What if the training went on with other settings from here?")),
        key="player",
    )


def _readouts(run: wb.Run) -> tuple[Readout, ...]:
    """The four numbers above the charts."""
    true_weight, true_bias = run.data.scale.model_line(run.config.weight, run.config.bias)
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
            true_weight,
        ),
        Readout(
            _("Model's bias"),
            _("Where the model's line starts, next to the true start."),
            "bias",
            palette.PREDICTION,
            true_bias,
        ),
    )

"""The displayed run in the player: three linked charts and four numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import wb_core as wb

from ...figures import palette
from ...figures.biography import biography_charts, with_biography
from ...figures.line_branches import charts_with_branches, with_branches
from ...figures.linear import line_columns, linear_charts
from ...figures.recording import Recording
from ...i18n import _, language, translator
from ...intake.origin import origin_of
from ...player import Pressed, Readout, play
from ...widgets.fields import torch_name
from ..branches.runs import Branch
from . import fit, start
from .branches import LineBranches
from .lab import LinearLab


def draw(
    lab: LinearLab, branches: LineBranches, shown: Sequence[Branch], live: Mapping[str, Any] | None = None
) -> Pressed:
    """Draw the player, with these branches of the run; returns what the user just asked for.

    `live` is what `live.offer` gives the browser for its sliders.
    """
    say, curves = translator(language()), [branch.curve for branch in shown]
    points = lab.run.config.points
    origin = origin_of(points)
    own = (origin.x, origin.y) if points else None
    charts = linear_charts(lab.recording, torch_name(lab.run.config, "loss"), say, own)
    recording = with_branches(lab.recording, lab.run, curves)
    charts = charts_with_branches(charts, recording, curves)
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
        _readouts(lab.run.config, recording),
        **branches.token(lab),
        live=live,
        revision=" ".join([str(lab.run.epoch), *added]),
        growing=lab.growing if lab.training else None,
        target=_("best") if points else "",
        inspect=(_("Line by line"), _("See what every line of code did in this epoch.")),
        place=(_("Click to start there"), start.put),
        fit=fit.offer(lab.run, point),
        edited=fit.put,
        chosen=fit.choose,
        branch=(_("Branch here"), _("What if the training went on with other settings from here?")),
        key="player",
    )


def _readouts(config: wb.LinearConfig, recording: Recording) -> tuple[Readout, ...]:
    """The four numbers above the charts, the line in the units of the points."""
    weight, bias = line_columns(recording)
    scaled = " " + _("With standardized points, it's the loss of the scaled ones.") if config.standardise else ""
    beside = _("The best line for these points is beside it.") if config.points else _("The true one is beside it.")
    return (
        Readout(
            _("Train loss"),
            _("How wrong the model was on its training points, just before this epoch's step. 0 is perfect.") + scaled,
            "train_loss",
            palette.TRAIN,
        ),
        Readout(
            _("Test loss"),
            _("How wrong the model is on points it has never seen. This is the one that counts.") + scaled,
            "test_loss",
            palette.TEST,
        ),
        Readout(
            _("Model's weight"),
            _("The slope the model has learned.") + " " + beside,
            weight,
            palette.PREDICTION,
            float(recording.columns[f"true_{weight}"][0]),
        ),
        Readout(
            _("Model's bias"),
            _("Where the model's line starts, its y at X = 0.") + " " + beside,
            bias,
            palette.PREDICTION,
            float(recording.columns[f"true_{bias}"][0]),
        ),
    )

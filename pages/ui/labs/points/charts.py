"""The displayed run in the player: the plane with its boundary, the network, losses and accuracies."""

import contextlib
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import wb_core as wb
from wb_core.kinds.points.layers import MAX_LAYERS, MAX_UNITS

from ...figures import palette
from ...figures.points import area, every, places, points_charts
from ...figures.points_branches import charts_with_branches, networks, with_branches
from ...i18n import _, language, translator
from ...player import Pressed, Readout, play
from ...widgets import fields
from ..branches.runs import Branch
from . import own
from .branches import PointsBranches
from .lab import PointsLab
from .layers import NEW
from .scene_words import words


def draw(
    lab: PointsLab, branches: PointsBranches, shown: Sequence[Branch], live: Mapping[str, Any] | None = None
) -> Pressed:
    """Draw the player, with these branches of the run; returns what the user just asked for.

    `live` is what `live.offer` gives the browser for its sliders.
    """
    curves = [branch.curve for branch in shown]
    charts = points_charts(lab.recording, translator(language()))
    recording = with_branches(lab.recording, lab.run, curves)
    added = branches.added(lab)
    return play(
        recording,
        charts_with_branches(charts, recording, curves),
        _readouts(lab.run.config),
        **branches.token(lab),
        still=lab.run.config.epochs == 1 and not recording.trained,
        revision=" ".join([str(lab.run.epoch), *(f"{branch.text} {branch.run.epoch}" for branch in shown)]),
        growing=lab.growing if lab.training else None,
        live=live,
        plane={
            **plane(lab.run, loaded=lab.loaded, runs=1 + len(shown)),
            "epochs": lab.run.epoch,
            "goal": lab.run.epochs,
            "full": branches.full,
            "branches": networks(lab.run, curves),
            "chosen": next((branch.letter for branch in shown if branch.text == added), ""),
        },
        branch=(_("Branch here"), _("What if the training went on with other settings from here?")),
        resized=resize,
        edited=own.put,
        retyped=functools.partial(retype, lab, branches, shown),
        key="points.player",
    )


def plane(run: wb.PointsRun, *, loaded: bool = False, runs: int = 1) -> dict[str, Any]:
    """What `player/plane` needs beside the columns of the recording: the shape of the network, and its words.

    `runs` counts the run and its branches, whose parameters are in the recording, too.
    """
    config = run.config
    return {
        "network": {
            "features": config.features,
            "hidden": config.hidden,
            "outputs": config.outputs,
            "activation": config.activation,
        },
        "most": {"layers": MAX_LAYERS, "units": MAX_UNITS},
        "first_units": NEW,
        "every": every(config, max(run.epochs, run.epoch), runs),
        "axes": own.axis_names(config),
        "area": area(places(run)).T.tolist(),
        "edit": own.offer(run),
        "words": words(config, loaded=loaded),
    }


def resize(hidden: Any) -> None:
    """Learn with the hidden layers that the browser sent, in a callback before the script run."""
    with contextlib.suppress(wb.ConfigError):
        fields.put(wb.PointsConfig, {"hidden": wb.PointsConfig(hidden=hidden).hidden})


def retype(lab: PointsLab, branches: PointsBranches, shown: Sequence[Branch], sent: Any) -> None:
    """Train with another number for a parameter, as the browser sent it: in a branch that begins after that epoch.

    Before the first epoch and after the last one, it is a new start.
    """
    match sent:
        case {"epoch": int(epoch), "at": int(at), "value": int() | float() as value, "branch": str(letter)}:
            parent = next((branch for branch in shown if branch.letter == letter), None)
            run = lab.run if parent is None else parent.run
            with contextlib.suppress(wb.ConfigError, ValueError, OverflowError):
                if 0 <= epoch < min(run.epoch, run.epochs - 1) and not lab.training:
                    branches.retype(lab, parent, epoch + 1, at, float(value))
                else:
                    lab.start_from(run, epoch, at, float(value))


def _readouts(config: wb.PointsConfig) -> tuple[Readout, ...]:
    torch_name = " " + _("In PyTorch") + ": " + config.loss_name
    return (
        Readout(
            _("Train loss"),
            _("How wrong the model was on its training points. 0 is perfect.") + torch_name,
            "train_loss",
            palette.TRAIN,
        ),
        Readout(
            _("Test loss"),
            _("How wrong the model is on points it has never seen. This is the one that counts.") + torch_name,
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

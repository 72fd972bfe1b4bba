"""The texts of the network and its boundary, which the browser fills with the numbers of an epoch."""

from typing import Any

import wb_core as wb
from wb_core.base.fields import specs

from ...i18n import _
from ..branches.view import MOST
from .own import class_names


def words(config: wb.PointsConfig, *, loaded: bool) -> dict[str, Any]:
    """The texts by the names that `player/plane` has for them. `loaded`: not the seed decided the start."""
    known = specs(config)["features"].options
    return {
        "features": [_(text) for name, text in known.items() if name in config.features],
        "classes": class_names(config, config.n_classes),
        "at_start": _("At this start") if loaded else _("Before training"),
        "show": _("Show"),
        "run": _("the run"),
        "branch": _("branch {letter}"),
        "at_branch": _("Branch {letter}, epoch {epoch}"),
        **_boundary(),
        **_network(),
        **_units(),
    }


def _boundary() -> dict[str, str]:
    return {
        "title": _("{when}: {test} of {tests} test points right"),
        "unit_title": _("{when}: output of {unit}"),
        "at": _("Epoch {epoch}"),
        "at_typed": _("With this weight"),
        "at_earlier": _("Recorded at epoch {epoch}"),
        "summary": _(
            "Map of what the network predicts at every place, with the points. "
            "{when}: {test} of {tests} test points and {train} of {trains} training points are right."
        ),
        "here": _("Filled: train, hollow: test, ringed: wrong. Point at or tap a place for its probabilities."),
        "probe": _("A place in the plane"),
        "probe_keys": _("Arrows move to other places, with Shift further."),
    }


def _network() -> dict[str, str]:
    return {
        "network": _("{count} weights and biases"),
        "network_label": _("Network: arrows go from unit to unit, through the weights between them."),
        "scroll": _("Scroll to see the whole network."),
        "inputs": _("Inputs"),
        "hidden": _("Hidden {layer}"),
        "outputs": _("Output"),
        "layers": _("Hidden layers"),
        "less_layers": _("Remove the last hidden layer"),
        "more_layers": _("Add a hidden layer"),
        "less_units": _("Remove a unit from hidden layer {layer}"),
        "more_units": _("Add a unit to hidden layer {layer}"),
        "how": _(
            "Point at or tap a unit for its output at every place, or a line for its weight; "
            "click a line to change it. Solid lines are positive, dashed ones negative."
        ),
        "weight": _("Weight from {from} to {to}: {value}"),
        "retype": _("Try another:"),
        "start_there": _("Start with it"),
        "start_there_help": _("The network as you see it becomes a new start. Continue the training from there."),
        "at_last": _("At an earlier epoch it becomes a branch."),
        "branch_there": _("Branch from epoch {epoch}"),
        "branch_there_help": _("A branch trains on from here with this weight, and everything else as it was."),
        "full": _("A run has up to {most} branches. Delete one first.").format(most=MOST),
        "smaller": _("{count} smaller ones"),
    }


def _units() -> dict[str, str]:
    return {
        "out": _("output"),
        "input_label": _("Input {name}"),
        "unit_label": _("Unit {unit} of hidden layer {layer}, {name}"),
        "output_label": _("Output: {name}"),
        "input": _("{unit} is one of the numbers the network sees of each point."),
        "output": _("The output is 0 on the border. Its sigmoid is the probability of class 1."),
        "output_class": _("The network predicts {unit} where this output is the largest."),
        "relu": _("{unit} is on at the colored side of this line, and 0 on the other."),
        "tanh": _("{unit} is 0 on this line, and goes to −1 and 1 on its two sides."),
        "sigmoid": _("{unit} is 0.5 on this line, and goes to 0 and 1 on its two sides."),
        "none": _("{unit} is 0 on this line, and grows away from it."),
        "off": _("{unit} is 0 at every place here, so it adds nothing."),
        "on": _("{unit} is on at every place here."),
    }

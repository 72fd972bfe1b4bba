"""Settings that each teach one thing: a chip for each, and a sentence on what to see."""

from typing import Any, NamedTuple

import streamlit as st

import wb_core as wb

from ...i18n import N_, _
from ...session import state
from ...widgets import fields, focus
from .branches import PointsBranchesView
from .lab import PointsLab

KEY = "points.preset"


class Preset(NamedTuple):
    """The name of a chip, what it shows in a sentence, and the settings that differ from the defaults."""

    name: str
    sentence: str
    settings: dict[str, Any]

    @property
    def config(self) -> wb.PointsConfig:
        return wb.PointsConfig(**self.settings)


FEW = {"data": "moons", "points": 50, "noise": 0.3, "train_fraction": 0.4, "hidden": (16, 16), "epochs": 300}
"""20 training points of mixed classes, and more than enough units to learn them by heart."""

PRESETS = {
    "xor": Preset(
        N_("XOR needs a hidden layer"),
        N_("No straight line separates a checkerboard. Give the network a hidden layer, and it can."),
        {"data": "xor", "hidden": ()},
    ),
    "relu": Preset(
        N_("ReLU against Tanh"),
        N_("With ReLU the border has corners. Switch the activation to Tanh: now it's round."),
        {"activation": "relu", "hidden": (8,), "noise": 0.03},
    ),
    "spirals": Preset(
        N_("Too few units"),
        N_("Three units can't wind around a spiral. Try two layers of 16."),
        {"data": "spirals", "noise": 0.03, "hidden": (3,), "epochs": 300},
    ),
    "overfitting": Preset(
        N_("Overfitting"),
        N_("Only 20 training points, and a large network: it learns their noise. Watch the test loss rise."),
        FEW,
    ),
    "decay": Preset(
        N_("Weight decay cures it"),
        N_("The same 20 points with weight decay: the weights stay small, the border stays simple."),
        {**FEW, "weight_decay": 0.01},
    ),
    "blobs": Preset(
        N_("Three classes"),
        N_("Three outputs, one for each class. The largest one wins."),
        {"data": "blobs", "classes": 3, "noise": 2.0},
    ),
}


def draw(lab: PointsLab) -> None:
    """Draw the chips; that of the present settings is chosen."""
    if focus.narrow():
        return
    state.put(KEY, chosen(lab.seen))
    st.pills(
        _("Example runs"),
        [*PRESETS],
        format_func=lambda name: _(PRESETS[name].name),
        key=KEY,
        label_visibility="collapsed",
        on_change=_open,
        args=(lab,),
    )


def chosen(config: wb.PointsConfig) -> str | None:
    """The preset that has these settings."""
    return next((name for name, preset in PRESETS.items() if preset.config == config), None)


def _open(lab: PointsLab) -> None:
    """Set the controls as the chosen preset does, and train."""
    preset = PRESETS.get(state.get(KEY))
    config = preset.config if preset else wb.PointsConfig()
    fields.fill(config)
    fields.fill(PointsBranchesView())
    lab.train(config)

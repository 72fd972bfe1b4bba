"""The controls of the lab for points in the plane."""

import functools

import streamlit as st

import wb_core as wb

from ...i18n import N_, _
from ...live import track_key
from ...sentences import explain
from ...session import state
from ...widgets import fields, focus, more
from .. import run_controls, schedule
from . import layers, patterns
from .branches import PointsBranches
from .lab import PointsLab

MORE = {
    N_("Data"): ("train_fraction",),
    N_("Model"): ("dropout", "seed"),
    N_("Training"): ("batch_size", "optimizer", "momentum", "weight_decay", "device"),
}
"""The settings that are folded away, in the order of the workflow."""


def draw(lab: PointsLab, error: wb.ConfigError | None) -> None:
    """Draw the controls: first what a beginner changes, then the others in the order of the workflow."""
    with st.container(key="controls"):
        fields.name_beside(wb.PointsConfig)
        fields.draw(wb.PointsConfig, "lr")
        if focus.shows("lr"):
            with st.container(key="track-key"):
                st.html(track_key.html())
        fields.draw(wb.PointsConfig, "epochs")
        patterns.draw()
        fields.draw(wb.PointsConfig, "features")
        layers.draw()
        fields.draw(wb.PointsConfig, "activation")
        fold = more.settings(wb.PointsConfig, *(name for names in MORE.values() for name in names), key="points.more")
        if fold is not None:
            with fold, st.container(key="more"):
                _more(lab)
        if error:
            st.error(explain(error), icon=":material/error:")
        schedule.draw(lab)
    run_controls.actions(
        lab, valid=error is None, bring_back=functools.partial(state.of(PointsBranches).bring_back, lab)
    )


def _more(lab: PointsLab) -> None:
    for heading, names in MORE.items():
        more.heading(_(heading))
        fields.draw_all(wb.PointsConfig, *names)
    run_controls.defaults_button(lab, "points.defaults")

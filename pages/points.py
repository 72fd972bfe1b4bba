"""The lab for points in the plane: choose points and a network, train it, and watch the boundary move."""

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, training
from pages.ui.compare import keep
from pages.ui.i18n import _
from pages.ui.labs.points import charts, controls
from pages.ui.labs.points.lab import PointsLab
from pages.ui.session import state

lab = state.of(PointsLab)
page = lab_page.begin(
    "points",
    _("Points in the plane"),
    _("Can PyTorch find the border between two kinds of points?"),
    wb.PointsConfig,
    keeps=True,
)
left, main = page.columns()
with main:
    player = st.container(key="points-charts")
    with st.container(key="status"):
        status = st.empty()

config, error = controls.chosen(lab)
lab.follow(config)
page.share(config)


def draw_player() -> None:
    with player:
        charts.draw(lab)


def draw_long() -> None:
    """Draw what can be used while a long training runs."""
    draw_player()
    with left:
        controls.draw(lab, error)


if lab.training:
    grew = training.train(lab, status, key="points", on_long=draw_long)
    lab.ended()
    if grew:
        st.rerun()  # a script run draws the player once
draw_player()
with left:
    controls.draw(lab, error)
page.keep(keep.trained(lab))

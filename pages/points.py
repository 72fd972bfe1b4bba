"""The lab for points in the plane: choose points and a network, train it, and watch the border move."""

from collections.abc import Sequence

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, training
from pages.ui.compare import keep
from pages.ui.i18n import _
from pages.ui.intake.origin import SpotNamesView
from pages.ui.labs import run_controls, run_link
from pages.ui.labs.branches import draw as branch_rows
from pages.ui.labs.branches.runs import Branch
from pages.ui.labs.points import charts, controls, panels, presets, tries, verdict
from pages.ui.labs.points.branches import PointsBranches, PointsBranchesView
from pages.ui.labs.points.lab import PointsLab
from pages.ui.live.offer import offer
from pages.ui.session import state

lab = state.of(PointsLab)
page = lab_page.begin(
    "points",
    _("Points in the plane"),
    _("Can PyTorch find the border between the kinds of points?"),
    wb.PointsConfig,
    PointsBranchesView,
    SpotNamesView,
    keeps=True,
)
left, main = page.columns()
with main:
    examples = st.container(key="examples")
    hint = st.container(key="hint")
    player = st.container(key="points-charts")
    with st.container(key="status"):
        status = st.empty()

config, error = run_controls.chosen(lab)
branches = state.of(PointsBranches)
view = branches.view
lab.follow(config, view.branches)
branches.follow(lab, config)
lost = _("The link can't carry this start, which comes from a file or from a weight that you typed.")
page.share(
    config, view, SpotNamesView.of(config.own), linked=run_link.linked(lab, config), lacks=run_link.lacks(lab, lost)
)


def draw_player(shown: Sequence[Branch] = ()) -> None:
    """Draw the player with these branches, before all else because its message is the one users wait for."""
    live = None if error or shown or lab.loaded else offer(config, trained=lab.trained)
    with player:
        pressed = charts.draw(lab, branches, shown, live)
    if pressed.branch is not None:
        branches.open(lab, pressed.branch)


def draw_long() -> None:
    """Draw what can be used while a long training runs."""
    draw_player()
    with left:
        controls.draw(lab, error)
    page.lesson(lambda: [lab.record])


with examples:
    presets.draw(lab)
with hint:
    outcome = st.empty()
    tries.draw(lab)
if lab.training:
    grew = training.train(lab, status, key="points", on_long=draw_long)
    lab.ended()
    if grew:
        st.rerun()  # a script run draws the player once
shown = branches.trained(lab, view, status)
page.lesson(lambda: [*(wb.record_of(branch.run) for branch in reversed(shown)), lab.record])
draw_player(shown)
with status.container():
    verdict.status(lab, config)
with outcome:
    verdict.outcome(lab, config)
with left:
    controls.draw(lab, error)
with main:
    branch_rows.draw(lab, branches, shown)
page.keep(keep.trained(lab))
with main:
    panels.draw(lab)

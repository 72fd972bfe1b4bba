"""The linear-regression lab: choose a line, train a model, and replay every epoch."""

import functools
from collections.abc import Sequence

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, training
from pages.ui.compare import keep
from pages.ui.i18n import _
from pages.ui.intake.origin import NamesView
from pages.ui.labs import run_controls, run_link
from pages.ui.labs.branches import draw as branch_rows
from pages.ui.labs.branches.runs import Branch
from pages.ui.labs.line import charts, controls, fit, panels, tries, verdict
from pages.ui.labs.line.branches import BranchesView, LineBranches
from pages.ui.labs.line.lab import LinearLab
from pages.ui.live.offer import offer
from pages.ui.session import share, state
from pages.ui.step.view import StepView

lab = state.of(LinearLab)
page = lab_page.begin(
    "linear",
    _("Linear regression"),
    _("Can PyTorch find the line behind the points?"),
    wb.LinearConfig,
    BranchesView,
    NamesView,
    keeps=True,
)
left, main = page.columns()
with main:
    hint = st.container(key="hint")
    player = st.container(key="line-charts")
    with st.container(key="status"):
        status = st.empty()

config, error = run_controls.chosen(lab)
branches = state.of(LineBranches)
view = branches.view
lab.follow(config, view.branches)
branches.follow(lab, config)
page.share(
    config,
    view,
    NamesView.of(config.points),
    linked=run_link.linked(lab, config),
    lacks=run_link.lacks(lab),
)


def draw_hint() -> None:
    """Draw what to try next: before a new page's charts, which it would move, but after a training's."""
    with hint:
        tries.draw(lab, None if lab.training else verdict.diagnosed(lab, config))


def draw_player(shown: Sequence[Branch] = ()) -> None:
    """Draw the player with these branches, before all else because its message is the one users wait for."""
    chosen = fit.chosen(lab) is not None
    live = None if error or shown or chosen or lab.loaded else offer(config, trained=lab.trained)
    with player:
        pressed = charts.draw(lab, branches, shown, live)
    if pressed.inspect is not None:
        share.go("step", (config, view), lab.run.config, StepView(epoch=pressed.inspect))
    if (asked := branches.inspected()) is not None:
        share.go("step", (config, view), asked.run.config, StepView(epoch=asked.first))
    if pressed.branch is not None:
        branches.open(lab, pressed.branch)


def draw_long() -> None:
    """Draw what can be used while a long training runs."""
    draw_hint()
    draw_player()
    with left:
        controls.draw(lab, error)
    page.lesson(lambda: [lab.record])


trains = lab.training
if not trains:
    draw_hint()
else:
    grew = training.train(lab, status, key="linear", on_long=draw_long)
    lab.ended()
    if grew:
        st.rerun()  # a script run draws the player once
shown = branches.trained(lab, view, status)
page.lesson(lambda: [*(wb.record_of(branch.run) for branch in reversed(shown)), lab.record])
draw_player(shown)
if trains:
    draw_hint()
with status.container():
    verdict.status(lab, config)
with left:
    controls.draw(lab, error)
with main:
    branch_rows.draw(lab, branches, shown, functools.partial(branches.draw_inspect, loaded=lab.loaded))
    fit.note(lab)
page.keep(keep.trained(lab))
with main:
    panels.draw(lab)

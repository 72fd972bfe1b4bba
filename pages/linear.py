"""The linear-regression lab: choose a line, train a model, and replay every epoch."""

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, training
from pages.ui.compare import keep
from pages.ui.i18n import _
from pages.ui.labs.line import charts, controls, link, panels, verdict
from pages.ui.labs.line.lab import LinearLab
from pages.ui.labs.line.live.offer import offer
from pages.ui.session import share, state
from pages.ui.step.view import StepView

lab = state.of(LinearLab)
page = lab_page.begin(
    "linear",
    _("Linear regression"),
    _("Can PyTorch find the line behind the points? Set a line, press Train, replay every epoch."),
    wb.LinearConfig,
    keeps=True,
)
left, main = page.columns()
with main:
    player = st.container(key="charts")
    with st.container(key="status"):
        status = st.empty()

config, error = controls.chosen(lab)
lab.follow(config)
page.share(config, linked=link.linked(lab, config), lacks=link.lacks(lab))


def draw_controls() -> None:
    """Draw the player, first because its message is the one users wait for, and the controls."""
    with player:
        epoch = charts.draw(lab, None if error else offer(lab, config, trained=lab.trained))
    if epoch is not None:
        share.go("step", config, lab.run.config, StepView(epoch=epoch))
    with left:
        controls.draw(lab, error)


if lab.training:
    grew = training.train(lab, status, key="linear", on_long=draw_controls)
    lab.ended()
    if grew:
        st.rerun()  # a script run draws the player once
draw_controls()
with status.container():
    verdict.status(lab, config)
page.keep(keep.line(lab))
with main:
    panels.draw(lab)

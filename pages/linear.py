"""The linear-regression lab: choose a line, train a model on it, watch every epoch of it."""

import streamlit as st

import wb_core as wb
from pages.ui import layout, training
from pages.ui.compare import keep
from pages.ui.figures.linear import linear_charts, linear_recording
from pages.ui.i18n import _, language, translator
from pages.ui.labs.line import controls, panels
from pages.ui.labs.line.lab import LinearLab
from pages.ui.player import play
from pages.ui.session import share, state
from pages.ui.step.view import StepView

lab = state.of(LinearLab)
share.read("linear", wb.LinearConfig)
link = layout.heading(
    _("Linear regression"),
    _("Can PyTorch find the line behind the points? Set a line, press Train, replay every epoch."),
)
notices = st.container()
with st.container(key="lab"):
    left, main = st.columns([0.285, 0.715], gap="medium")
with main:
    charts = st.container(key="charts")
    with st.container(key="status"):
        status = st.empty()

# The player comes first, since its message is the one that people wait for; the controls stand beside it all the same.
config, error = controls.chosen(lab)
with link:
    kept = st.container(key="keep-here")
    share.write("linear", config)
with notices:
    share.notice("linear", config)
lab.follow(config, retrain=controls.retrains())
if lab.training:
    training.train(lab, status, key="linear")
    lab.training = False
with charts:
    recording = linear_recording(lab.run, lab.limits.best, loaded=lab.loaded)
    frame = play(
        recording,
        linear_charts(recording, controls.loss_name(lab.run.config), translator(language())),
        controls.readouts(lab.run),
        token=lab.token,
        show=lab.show,
        first=lab.first,
        inspect=(_("Line by line"), _("See what every line of code did in this epoch.")),
        key="player",
    )
if frame is not None:
    share.go("step", config, lab.run.config, StepView(epoch=frame))
with left:
    controls.draw(lab, error)
with status.container():
    controls.status(lab, config)
with kept:
    keep.draw(keep.line(lab))
with main:
    panels.draw(lab)

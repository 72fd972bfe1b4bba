"""The linear-regression lab: choose a line, train a model on it, watch every epoch of it."""

import streamlit as st

import wb_core as wb
from pages.ui import layout, linear_controls, panels, share, state, training
from pages.ui.figures.linear import linear_charts, linear_recording
from pages.ui.i18n import _, language, translator
from pages.ui.linear_lab import LinearLab
from pages.ui.player import play

lab = state.of(LinearLab)
share.read(wb.LinearConfig)
layout.heading(
    _("Linear regression"),
    _("Can PyTorch find the line behind the points? Choose one, press Train, and look back at every epoch."),
    link=True,
)
share.notice(wb.LinearConfig)

with st.container(key="lab"):
    left, main = st.columns([0.285, 0.715], gap="medium")
with left:
    config = linear_controls.draw(lab)
share.write(config)
with main:
    charts = st.container(key="charts")
    with st.container(key="status"):
        status = st.empty()
    if lab.training:
        training.train(lab.run, status, on_stop=lab.stop, key="linear")
        lab.training = False
        if lab.run.diverged_at is not None:
            st.rerun()  # the buttons were drawn before it was known that this run cannot go on
    with charts:
        recording = linear_recording(lab.run)
        play(
            recording,
            linear_charts(recording, linear_controls.loss_name(lab.run.config), translator(language())),
            linear_controls.readouts(lab.run),
            token=f"{lab.token}",
            show=lab.take_show(),
            first=lab.first,
            key="player",
        )
    with status.container():
        linear_controls.status(lab, config)
    panels.draw(lab)

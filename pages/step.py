"""One training step under the microscope: every line of the loop, and what it does to every tensor."""

import streamlit as st

import wb_core as wb
from pages.ui import layout, training
from pages.ui.i18n import _
from pages.ui.labs.line import controls as line_controls
from pages.ui.labs.line.lab import LinearLab
from pages.ui.sentences import explain
from pages.ui.session import share, state
from pages.ui.step import controls, inside, picture, slips
from pages.ui.step.runs import StepLab
from pages.ui.step.view import StepView

lab, steps = state.of(LinearLab), state.of(StepLab)
share.read("step", wb.LinearConfig, StepView)
link = layout.heading(
    _("One step, line by line"),
    _("What do the five lines of the training loop do? Go through them and see every number they change."),
)
notices = st.container()
show = controls.show()
config, error = line_controls.chosen(lab)
view = controls.chosen()
if error:
    notices.error(explain(error), icon=":material/error:")
if show == "slips":
    with link:
        share.write("step", config, view)
    with notices:
        share.notice("step", config, view)
    slips.draw()
    st.stop()
with st.container(key="microscope"):
    left, main = st.columns([0.345, 0.655], gap="medium")
with main:
    place = st.empty()

runs = steps.follow(config, view.what_if, lab)
for number, scope in enumerate(runs.scopes):
    if not scope.done:
        training.train(scope, place, key=f"step.{number}")
view, asked = controls.within(view, runs), view
with link:
    share.write("step", runs.shared(config), view)
with notices:
    share.notice("step", config, asked)
    controls.notice(asked, view, runs)
trace = runs.scope.look(view.epoch)
with main, st.container(key="told"):
    inside.heading(view)
    picture.charts(view, trace, runs)
    inside.memory(view, trace)
    inside.arithmetic(view, trace, runs)
with left:
    controls.draw(view, runs)
picture.graph(trace)
inside.points(view, trace, runs)

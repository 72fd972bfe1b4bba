"""One training step, line by line: what each line of the loop does to each tensor."""

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, training
from pages.ui.i18n import _
from pages.ui.labs import link
from pages.ui.labs.line import controls as line_controls
from pages.ui.labs.line.lab import LinearLab
from pages.ui.sentences import explain
from pages.ui.session import state
from pages.ui.step import charts, controls, details, slips
from pages.ui.step.runs import StepLab
from pages.ui.step.view import StepView

lab, steps = state.of(LinearLab), state.of(StepLab)
page = lab_page.begin(
    "step",
    _("One step, line by line"),
    _("What do the five lines of the training loop do? Go through them and see every number they change."),
    wb.LinearConfig,
    StepView,
)
show = controls.show()
config, error = line_controls.chosen(lab)
view = controls.chosen()
if error:
    page.notices.error(explain(error), icon=":material/error:")
if show == "slips":
    page.share(config, view)
    slips.draw()
    st.stop()
left, main = page.columns("microscope", left=0.345)
with main:
    place = st.empty()

runs = steps.follow(config, view.what_if, lab)
for number, scope in enumerate(runs.all):
    if not scope.done:
        training.train(scope, place, key=f"step.{number}")
view, asked = controls.within(view, runs), view
loaded = lab.loaded and lab.run.config == config
page.share(runs.shared(config), view, asked=(config, asked), lacks=link.lacks(stale=False, loaded=loaded))
with page.notices:
    controls.notice(asked, view, runs)

trace = runs.main.look(view.epoch)
with main, st.container(key="told"):
    details.heading(view)
    charts.charts(view, trace, runs)
    details.memory(view, trace)
    details.arithmetic(view, trace, runs)
with left:
    controls.draw(view, runs)
charts.graph(trace)
details.points(view, trace, runs)

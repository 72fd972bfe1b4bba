"""One training step, line by line: what each line of the loop does to each tensor."""

import streamlit as st

import wb_core as wb
from pages.ui import lab_page, layout, training
from pages.ui.i18n import _
from pages.ui.labs import link, run_controls
from pages.ui.labs.line.lab import LinearLab
from pages.ui.sentences import explain
from pages.ui.session import state
from pages.ui.step import charts, controls, details, slips
from pages.ui.step.runs import StepLab
from pages.ui.step.view import StepView
from wb_core.lessons import Walk

layout.style("step/step.css")
lab, steps = state.of(LinearLab), state.of(StepLab)
page = lab_page.begin(
    "step",
    _("One step, line by line"),
    _("What do the five lines of the training loop do to each number?"),
    wb.LinearConfig,
    StepView,
)
lesson = page.lesson_here
with st.container(key="step-bar"):
    show = controls.show(in_lesson=lesson is not None)
    where = st.container(key="where")
config, error = run_controls.chosen(lab)
view = controls.chosen()
if error:
    page.notices.error(explain(error), icon=":material/error:")
if show == "slips":
    page.share(config, view)
    slips.draw()
    st.stop()
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
with st.container(key="walk-row"):
    with st.container(key="walk"):
        controls.walk(view, runs, steps)
    charts.graph(view, trace)
    with st.container(key="told"):
        details.heading(view, trace, runs)
        details.arithmetic(view, trace, runs)
        controls.why(view, runs)
        if runs.control is None:  # there is no room for both
            charts.signs_of_graph()
with st.container(key="seen-row"):
    with st.container(key="seen"):
        charts.charts(view, trace, runs)
    details.memory(view, trace)
with where:
    controls.where(runs, lesson.opened if lesson else ())
controls.about(runs)
details.points(view, trace, runs)
page.lesson(lambda: [Walk(wb.record_of(runs.main.run), view.what_if)])

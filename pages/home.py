"""The start page: what the workbench is, a replay of a training, and where to begin."""

import streamlit as st

import wb_core as wb
from pages.ui import layout
from pages.ui.figures.linear import fit_chart, linear_recording
from pages.ui.figures.loss import loss_chart
from pages.ui.home import Welcome
from pages.ui.i18n import _, language, translator
from pages.ui.labs.line.diagnosis_sentences import sentences
from pages.ui.player import play
from pages.ui.session import state
from pages.ui.widgets.fields import torch_name


def step(column: st.delta_generator.DeltaGenerator, title: str, sentence: str) -> None:
    """Draw one of the steps that users take in a lab."""
    with column:
        st.subheader(title, anchor=False)
        st.markdown(sentence)


layout.heading("Torch Workbench", _("Watch PyTorch learn: train real models and replay every step."))

run, words = state.of(Welcome).run, translator(language())
left, right = st.columns([0.34, 0.66], gap="large", vertical_alignment="center")
with left:
    st.header(_("Watch a model learn"), anchor=False)
    st.markdown(
        _(
            "The points lie around a line that PyTorch doesn't know. It starts with a random line and gets a little "
            "less wrong in every **epoch** (one pass over all the blue points). This isn't a video: PyTorch trained "
            "it when you opened this page."
        )
    )
    with st.container(key="begin"):
        st.page_link("linear.py", label=_("Train a line yourself"), icon=":material/play_arrow:", width="content")
    st.page_link("tensors.py", label=_("Or start with tensors"), icon=":material/grid_on:", width="content")
    st.page_link(
        "step.py", label=_("Or go through one step, line by line"), icon=":material/footprint:", width="content"
    )
    st.page_link(
        "images.py", label=_("Or teach a model to tell clothes apart"), icon=":material/image:", width="content"
    )
    st.page_link(
        "sweep.py", label=_("Or train hundreds of lines at once"), icon=":material/grid_view:", width="content"
    )
with right:
    recording = linear_recording(run)
    charts = (fit_chart(recording, words), loss_chart(recording, torch_name(run.config, "loss"), words))
    play(recording, charts, (), token="welcome", show="play", key="welcome")
    st.markdown(" ".join(sentences(run, wb.diagnose(run.history, run.config, advise=False))))

with st.container(key="steps"):
    columns = st.columns(4, gap="medium")
step(
    columns[0], _("Change"), _("Move a slider: the line behind the points, the learning rate or the number of epochs.")
)
step(
    columns[1],
    _("Train"),
    _("PyTorch trains on this server, with the five lines of code that every training loop has."),
)
step(
    columns[2],
    _("Replay"),
    _("Play, pause and drag: every epoch was recorded, and every number is the one PyTorch computed."),
)
step(
    columns[3], _("Take it with you"), _("Download the learned parameters as a file, and load them again another day.")
)

best = wb.resolve_device("auto")
st.caption(_("Best device here: {device}. Nothing you do leaves this server.").format(device=wb.device_name(best)))

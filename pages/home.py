"""The first page: what this is, a model that learns before one's eyes, and where to begin."""

import streamlit as st

import wb_core as wb
from pages.ui import layout, state
from pages.ui.figures.fit import fit_chart
from pages.ui.figures.linear import linear_recording
from pages.ui.figures.loss import loss_chart
from pages.ui.i18n import _, language, translator
from pages.ui.player import play


class Welcome:
    """The small run on the first page, trained once per visit."""

    def __init__(self) -> None:
        self.run = wb.Run(wb.LinearConfig(noise=0.04, epochs=120))
        self.run.finish()


layout.heading("Torch Workbench", _("See PyTorch learn: train real models, and look back at every single step."))

run, words = state.of(Welcome).run, translator(language())
left, right = st.columns([0.36, 0.64], gap="large")
with left:
    st.subheader(_("A model is learning, right here"), anchor=False)
    st.markdown(
        _(
            "The blue points lie around a line that PyTorch does not know. It starts with a random line and makes its "
            "mistakes a little smaller in each **epoch** (one look at all the points). Nothing here is a film: "
            "this server has just trained it."
        )
    )
    st.page_link("linear.py", label=_("Begin: train a line yourself"), icon=":material/arrow_forward:", width="content")
    st.caption(_("Drag the slider under the charts to go back to any epoch."))
with right:
    recording = linear_recording(run)
    charts = (fit_chart(recording, words), loss_chart(recording, "nn.L1Loss", words))
    play(recording, charts, (), token="welcome", show="play", key="welcome")

st.divider()
best = wb.resolve_device("auto")
st.markdown(
    _("This machine computes with **{device}**. Everything runs on it; no data leaves it.").format(
        device=wb.device_name(best)
    )
)

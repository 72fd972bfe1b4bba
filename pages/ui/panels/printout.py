"""The printout of the notes: one line for every k-th epoch, and all of them as a file."""

import streamlit as st

from .. import state
from ..i18n import _
from ..linear_lab import LinearLab

EVERY = (1, 5, 10, 50, 100, 500)
KEY = "linear.every"


def draw(lab: LinearLab) -> None:
    run = lab.run
    if not run.epoch:
        st.caption(_("Nothing is trained yet. Press Train, and each epoch leaves a line here."))
        return
    frame = run.history.frame()
    state.prime(KEY, 10)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        every = st.selectbox(
            _("Every how many epochs"),
            EVERY,
            key=KEY,
            width=180,
            persist_state="session",
            help=_("As in code: `if epoch % 10 == 0: print(...)`."),
        )
        st.download_button(
            _("Download CSV"),
            lambda: run.history.frame().to_csv(index=False),
            file_name="history.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    loss = st.column_config.NumberColumn(format="%.4f")
    number = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(
        frame[frame["epoch"] % every == 0],
        hide_index=True,
        height=230,
        column_config={
            "epoch": st.column_config.NumberColumn(_("Epoch"), format="%d"),
            "train_loss": {**loss, "label": _("Train loss")},
            "test_loss": {**loss, "label": _("Test loss")},
            "weight": {**number, "label": _("Weight")},
            "bias": {**number, "label": _("Bias")},
            "weight_grad": {**number, "label": _("Gradient of the weight")},
            "bias_grad": {**number, "label": _("Gradient of the bias")},
        },
    )
    st.caption(
        _("The train loss is from before the step of its epoch; the test loss, weight and bias are from after it.")
    )

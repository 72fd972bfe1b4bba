"""The log panel: every k-th epoch as a row, and all epochs as a CSV file."""

import streamlit as st

from ....i18n import _
from ....session import state
from ....widgets import csv_file
from ..lab import LinearLab

EVERY = (1, 5, 10, 50, 100, 500)
KEY = "linear.every"


def draw(lab: LinearLab) -> None:
    run = lab.run
    frame = run.history.frame()
    state.prime(KEY, 10)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        every = st.selectbox(
            _("Epochs between lines"),
            EVERY,
            key=KEY,
            width=180,
            persist_state="session",
            help=_("As in code: `if epoch % 10 == 0: print(...)`."),
        )
        csv_file.button(run.history.frame, "history.csv", disabled=not run.epoch)
    if not run.epoch:
        st.caption(_("No epochs yet. Each one adds a line here."))
        return
    number = st.column_config.NumberColumn
    st.dataframe(
        frame[frame["epoch"] % every == 0],
        hide_index=True,
        height=230,
        column_config={
            "epoch": number(_("Epoch"), format="%d"),
            "train_loss": number(_("Train loss"), format="%.4g"),
            "test_loss": number(_("Test loss"), format="%.4g"),
            "weight": number(_("Weight"), format="%.4g"),
            "bias": number(_("Bias"), format="%.4g"),
            "weight_grad": number(_("Gradient of the weight"), format="%.4g"),
            "bias_grad": number(_("Gradient of the bias"), format="%.4g"),
        },
    )
    st.caption(_("The train loss is from before its epoch's step; the test loss, weight and bias are from after it."))

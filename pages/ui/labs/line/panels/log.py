"""The log panel: every k-th epoch as a row, and all epochs as a CSV file."""

import streamlit as st

from ....i18n import N_, _
from ....session import state
from ....widgets import csv_file
from ....widgets.table import scrollable, table
from ..lab import LinearLab

EVERY = (1, 5, 10, 50, 100, 500)
KEY = "linear.every"
HEADS = {
    "epoch": N_("Epoch"),
    "train_loss": N_("Train loss"),
    "test_loss": N_("Test loss"),
    "weight": N_("Weight"),
    "bias": N_("Bias"),
    "weight_grad": N_("Gradient of the weight"),
    "bias_grad": N_("Gradient of the bias"),
}


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
    shown = frame[frame["epoch"] % every == 0]
    rows = [
        (f"{int(epoch)}", *(f"{value:.4g}" for value in values)) for epoch, *values in shown.itertuples(index=False)
    ]
    lines = table([_(HEADS[column]) for column in frame.columns], rows, css="wb-log")
    st.html(scrollable(lines, css="wb-scroll wb-log-box", label=_("Log")))
    st.caption(_("The train loss is from before its epoch's step; the test loss, weight and bias are from after it."))

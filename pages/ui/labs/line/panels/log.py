"""The log panel: every k-th epoch as a row, and all epochs as a CSV file."""

import pandas as pd
import streamlit as st

import wb_core as wb

from ....i18n import N_, _
from ....session import state
from ....widgets import csv_file
from ....widgets.table import scrollable, table
from ..lab import LinearLab

EVERY = (1, 5, 10, 50, 100, 500)
MOST = 500
"""The most lines of the table, which every script run draws."""

KEY = "linear.every"
HEADS = {
    "epoch": N_("Epoch"),
    "train_loss": N_("Train loss"),
    "test_loss": N_("Test loss"),
    "weight": N_("Weight"),
    "bias": N_("Bias"),
    "weight_grad": N_("Gradient of the weight"),
    "bias_grad": N_("Gradient of the bias"),
    "weight (scaled)": N_("Weight (scaled)"),
    "bias (scaled)": N_("Bias (scaled)"),
}
SCALED = {name: f"{name} (scaled)" for name in ("weight", "bias")}


def draw(lab: LinearLab) -> None:
    run = lab.run
    frame = table_of(run)
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
        csv_file.button(lambda: table_of(run), "history.csv", disabled=not run.epoch)
    if not run.epoch:
        st.caption(_("No epochs yet. Each one adds a line here."))
        return
    lines = frame[frame["epoch"] % every == 0]
    shown = lines[-MOST:]
    rows = [
        (f"{int(epoch)}", *(f"{value:.4g}" for value in values)) for epoch, *values in shown.itertuples(index=False)
    ]
    html = table([_(HEADS[column]) for column in frame.columns], rows, css="wb-log")
    st.html(scrollable(html, css="wb-scroll wb-log-box", label=_("Log")))
    if len(shown) < len(lines):
        st.caption(_("These are the last {count} lines. The CSV file has every epoch.").format(count=f"{MOST:,}"))
    st.caption(_("The train loss is from before its epoch's step; the test loss, weight and bias are from after it."))
    if run.config.standardise:
        st.caption(_("The points are standardized, so all these numbers are in the model's scaled units."))


def table_of(run: wb.Run) -> pd.DataFrame:
    """All epochs of a run; the names of the columns say whether its line is in the scaled units of the model."""
    frame = run.history.frame()
    return frame.rename(columns=SCALED) if run.config.standardise else frame

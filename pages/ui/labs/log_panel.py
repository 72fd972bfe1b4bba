"""The log panel: every k-th epoch as a row, and all epochs as a CSV file."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from ..i18n import N_, _
from ..session import state
from ..widgets import csv_file
from ..widgets.table import scrollable, table

EVERY = (1, 5, 10, 50, 100, 500)
MOST = 500
"""The most lines of the table, which every script run draws."""

HEADS = {
    "epoch": N_("Epoch"),
    "train_loss": N_("Train loss"),
    "test_loss": N_("Test loss"),
    "train_accuracy": N_("Train accuracy (%)"),
    "test_accuracy": N_("Test accuracy (%)"),
    "weight": N_("Weight"),
    "bias": N_("Bias"),
    "weight_grad": N_("Gradient of the weight"),
    "bias_grad": N_("Gradient of the bias"),
    "weight (scaled)": N_("Weight (scaled)"),
    "bias (scaled)": N_("Bias (scaled)"),
}


def draw(frame: pd.DataFrame, notes: Sequence[str], key: str) -> None:
    """Draw the log of these epochs, and `notes` on its columns."""
    state.prime(key, 10)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        every = st.selectbox(
            _("Epochs between lines"),
            EVERY,
            key=key,
            width=180,
            persist_state="session",
            help=_("As in code: `if epoch % 10 == 0: print(...)`."),
        )
        csv_file.button(lambda: frame, "history.csv", disabled=frame.empty)
    if frame.empty:
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
    for note in notes:
        st.caption(note)

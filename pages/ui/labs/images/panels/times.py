"""The times panel: how long each training of this session took."""

import pandas as pd
import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs

from ....i18n import _
from ..lab import ImageLab, Time


def draw(lab: ImageLab) -> None:
    if not lab.times:
        st.info(_("Every run of this visit adds a line here."), icon=":material/timer:")
        return
    last = lab.times[-1]
    st.code(f"Train time on {last.device}: {last.seconds:.3f} seconds", language=None)
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame([_row(time) for time in lab.times]),
        hide_index=True,
        column_config={
            "model": st.column_config.TextColumn(_("Model"), pinned=True),
            "device": st.column_config.TextColumn(_("Device")),
            "dataset": st.column_config.TextColumn(_("Pictures")),
            "hidden_units": number(_("Hidden")),
            "batch_size": number(_("Batch")),
            "epochs": number(_("Epochs")),
            "seconds": number(_("Seconds"), format="%.3f"),
            "per_epoch": number(_("s / epoch"), format="%.3f"),
            "test_loss": number(_("Test loss"), format="%.5f"),
            "test_accuracy": number(_("Test accuracy (%)"), format="%.2f"),
        },
    )
    st.caption(_("Training and testing, not counting time in the queue. It takes longer when others train too."))


def _row(time: Time) -> dict[str, object]:
    config = time.config
    model, dataset = (specs(wb.ImageConfig)[name].options[getattr(config, name)][0] for name in ("model", "dataset"))
    return {
        "model": _(model),
        "device": time.device,
        "dataset": _(dataset),
        "hidden_units": config.hidden_units,
        "batch_size": config.batch_size,
        "epochs": time.epochs,
        "seconds": time.seconds,
        "per_epoch": time.seconds / time.epochs,
        "test_loss": time.test_loss,
        "test_accuracy": time.test_accuracy,
    }

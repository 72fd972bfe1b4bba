"""The table of a sweep's runs, and its columns and values as texts."""

from typing import Any

import pandas as pd
import streamlit as st

from wb_core.base.fields import Choice, Number, specs

from ..figures.sweep import OUTCOME_LABELS
from ..i18n import N_, _
from ..widgets import csv_file
from ..widgets.fields import number_text

LABELS = {
    "epochs_done": N_("Epochs done"),
    "final_train_loss": N_("Final train loss"),
    "final_test_loss": N_("Final test loss"),
    "final_train_accuracy": N_("Final train accuracy"),
    "final_test_accuracy": N_("Final test accuracy"),
    "best_train_loss": N_("Best train loss"),
    "best_test_loss": N_("Best test loss"),
    "best_train_accuracy": N_("Best train accuracy"),
    "best_test_accuracy": N_("Best test accuracy"),
    "best_epoch": N_("Best epoch"),
    "learned_weight": N_("Model's weight"),
    "learned_bias": N_("Model's bias"),
    "diverged_at": N_("Diverged at epoch"),
    "seconds": N_("Seconds"),
    "diagnosis": N_("Diagnosis"),
    "outcome": N_("Outcome"),
}
"""The columns of a sweep's table, beside its axes."""


def draw_table(frame: pd.DataFrame, kind: type, outcome_column: str) -> None:
    """Draw the table of runs and its download button."""
    known = specs(kind)
    shown = frame.assign(**{outcome_column: [_(OUTCOME_LABELS[label]) for label in frame[outcome_column]]})
    for name, spec in known.items():
        if name in shown and (isinstance(spec, Choice) or (isinstance(spec, Number) and spec.zero)):
            shown[name] = [value_text(kind, name, value) for value in shown[name]]
    if "diverged_at" in shown:
        shown["diverged_at"] = shown["diverged_at"].where(shown["diverged_at"] >= 0)
    words = {name: _(known[name].label) for name in frame.columns if name in known}
    words |= {name: _(LABELS[name]) for name in frame.columns if name in LABELS}
    short = {
        words[name]: st.column_config.NumberColumn(format="%.4g")
        for name in frame.columns
        if frame[name].dtype.kind == "f" and not name.startswith("best_epoch")
    }
    st.dataframe(shown.rename(columns=words), hide_index=True, height=400, column_config=short)
    csv_file.button(lambda: frame, "sweep.csv")


def value_text(kind: type, name: str, value: Any) -> str:
    """The value of a setting as its widget displays it, but numbers with three digits."""
    spec = specs(kind)[name]
    if isinstance(spec, Choice):
        return _(spec.options[value][0])
    if isinstance(spec, Number) and (spec.zero or isinstance(value, float)):
        return number_text(spec, value, 3)
    return spec.text(value)

"""The table of a sweep: a row for each run, in words, and as a file with the ids."""

import functools
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from wb_core.base.fields import Choice, specs

from ..figures.sweep import BECAME
from ..i18n import _


def draw(frame: pd.DataFrame, kind: type, became: str, columns: Mapping[str, str]) -> None:
    """Draw the table, and the button that takes it home; `became` and `columns` are those of `Results`."""
    known = specs(kind)
    shown = frame.assign(**{became: [_(BECAME[label]) for label in frame[became]]})
    for name, spec in known.items():
        if name in shown and isinstance(spec, Choice):
            shown[name] = [written(kind, name, value) for value in shown[name]]
    if "diverged_at" in shown:
        shown["diverged_at"] = shown["diverged_at"].where(shown["diverged_at"] >= 0)
    words = {name: _(known[name].label) for name in frame.columns if name in known}
    words |= {name: _(word) for name, word in columns.items()}
    short = {
        words[name]: st.column_config.NumberColumn(format="%.4g")
        for name in frame.columns
        if frame[name].dtype.kind == "f" and not name.startswith("best_epoch")
    }
    st.dataframe(shown.rename(columns=words), hide_index=True, height=400, column_config=short)
    st.download_button(
        _("Download CSV"),
        functools.partial(frame.to_csv, index=False),
        file_name="sweep.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def written(kind: type, name: str, value: Any) -> str:
    """The value of a setting as its control says it, a number in three digits."""
    spec = specs(kind)[name]
    if isinstance(spec, Choice):
        return _(spec.options[value][0])
    return f"{value:.3g}" if isinstance(value, float) else str(value)

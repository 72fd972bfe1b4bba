"""What is in an uploaded checkpoint, name by name, beside what the model needs."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

import wb_core as wb

from ..i18n import _


def draw(rows: Iterable[wb.Comparison]) -> None:
    """Draw the comparison as a table."""
    st.caption(_("What's in the file, and what this model needs"))
    st.dataframe(
        pd.DataFrame([_compared(row) for row in rows]),
        hide_index=True,
        column_config={
            "key": st.column_config.TextColumn(_("Name")),
            "found": st.column_config.TextColumn(_("In the file")),
            "needed": st.column_config.TextColumn(_("This model needs")),
            "fits": st.column_config.TextColumn(_("Fits")),
        },
    )


def _compared(row: wb.Comparison) -> dict[str, str]:
    return {
        "key": row.name,
        "found": f"{row.found_shape} {row.found_dtype}" if row.found_shape is not None else "–",
        "needed": f"{row.needed_shape} {row.needed_dtype}" if row.needed_shape is not None else "–",
        "fits": "✓" if row.fits else "✗",
    }

"""The button that downloads a table as a CSV file."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from ..i18n import _


def button(frame: Callable[[], pd.DataFrame], file_name: str, *, disabled: bool = False) -> None:
    """Draw the button; the table is made when it is pressed."""
    st.download_button(
        _("Download CSV"),
        lambda: as_bytes(frame()),
        file_name=file_name,
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        disabled=disabled,
    )


def as_bytes(frame: pd.DataFrame) -> bytes:
    """The table as UTF-8 with a byte order mark, without which Excel reads Korean as signs of another code page."""
    return frame.to_csv(index=False).encode("utf-8-sig")

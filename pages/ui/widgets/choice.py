"""A choice between a few things to look at, as a row of buttons, one of which is always pressed."""

from collections.abc import Mapping

import streamlit as st

from ..i18n import _
from ..session import state


def one_of(label: str, options: Mapping[str, str], key: str) -> str:
    """Draw the choice, and return the id that is chosen, at first the first one. It stays for the visit.

    `options` maps ids to message ids; `label` is translated already, and only read out.
    """
    state.prime(key, next(iter(options)))
    chosen: str = st.segmented_control(
        label,
        list(options),
        format_func=lambda name: _(options[name]),
        key=key,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen

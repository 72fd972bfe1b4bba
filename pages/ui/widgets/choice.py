"""A choice between a few things to look at, as a row of buttons, one of which is always pressed."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from ..i18n import _
from ..session import state

T = TypeVar("T")


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


def panels(label: str, known: Mapping[str, tuple[str, Callable[[T], None]]], key: str, lab: T) -> None:
    """Draw the choice between the panels of a lab, and the chosen one; the others cost nothing.

    `known` has the message id of each panel's name, and the function that draws it.
    """
    chosen = one_of(label, {name: text for name, (text, _draw) in known.items()}, key)
    with st.container(key=f"panel.{chosen}"):
        known[chosen][1](lab)

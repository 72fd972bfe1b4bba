"""Segmented controls that choose what a page displays."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from ..i18n import _
from ..session import state

T = TypeVar("T")


def one_of(label: str, options: Mapping[str, str], key: str) -> str:
    """Draw a choice, and return the chosen id, initially the first. It persists for the session.

    `options` maps ids to message ids. `label` is already translated; only screen readers use it.
    """
    if state.get(key) not in options:  # there is none yet, or the browser has sent that none is chosen
        state.put(key, next(iter(options)))
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


def pick(label: str, options: Mapping[str, str], key: str) -> str:
    """As `one_of`, in a list that opens, for what is seldom changed."""
    if state.get(key) not in options:
        state.put(key, next(iter(options)))
    chosen: str = st.selectbox(
        label,
        list(options),
        format_func=lambda name: _(options[name]),
        key=key,
        label_visibility="collapsed",
        persist_state="session",
        width=190,
    )
    return chosen


def panels(label: str, known: Mapping[str, tuple[str, Callable[[T], None]]], key: str, lab: T) -> None:
    """Draw a choice of panels and the chosen panel; the others are not computed.

    `known` maps panel ids to the message id of the name and the function that draws the panel.
    """
    chosen = one_of(label, {name: text for name, (text, _draw) in known.items()}, key)
    with st.container(key=f"panel.{chosen}"):
        known[chosen][1](lab)

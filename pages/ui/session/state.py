"""The only place that touches `st.session_state`: one typed object per page, and the values of the widgets.

What is kept here belongs to one visitor and one visit.
"""

from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def of(kind: type[T]) -> T:
    """The visitor's own object of that class, made (without arguments) when it is asked for the first time."""
    key = f"{kind.__module__}.{kind.__qualname__}"
    if key not in st.session_state:
        st.session_state[key] = kind()
    found: T = st.session_state[key]
    return found


def prime(key: str, value: Any) -> None:
    """Give a widget its first value; one that it has already is kept."""
    try:
        st.session_state[key]  # `in` would look at every widget of the page, and each of them comes by here
    except KeyError:
        st.session_state[key] = value


def put(key: str, value: Any) -> None:
    """Set the value of a widget that is not drawn yet in this run of the script."""
    st.session_state[key] = value


def get(key: str, default: Any = None) -> Any:
    """The value of a widget, or `default` where it has none yet."""
    return st.session_state.get(key, default)


def refresh_labels() -> None:
    """Send every choice to the browser again: else it keeps the labels of the language before."""
    for key, value in st.session_state.items():
        if isinstance(key, str) and isinstance(value, str):
            st.session_state[key] = value

"""The only module that touches `st.session_state`: one typed object per page, and the values of widgets."""

from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def of(kind: type[T]) -> T:
    """The session's object of a class, created without arguments on first use."""
    found = existing(kind)
    if found is None:
        found = st.session_state[_key(kind)] = kind()
    return found


def existing(kind: type[T]) -> T | None:
    """The session's object of a class; None if it has not been used yet."""
    found: T | None = st.session_state.get(_key(kind))
    return found


def _key(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def prime(key: str, value: Any) -> None:
    """Set the value of a widget unless it has one."""
    try:
        st.session_state[key]  # not `in`, which is linear in the number of widgets, and each widget is primed
    except KeyError:
        st.session_state[key] = value


def put(key: str, value: Any) -> None:
    """Set the value of a widget that this script run has not drawn yet."""
    st.session_state[key] = value


def get(key: str, default: Any = None) -> Any:
    """The value of a widget, or `default` if it has none yet."""
    return st.session_state.get(key, default)


def refresh_labels() -> None:
    """Send every choice to the browser again, which otherwise keeps the labels of the previous language."""
    for key, value in st.session_state.items():
        if isinstance(key, str) and isinstance(value, str):
            st.session_state[key] = value

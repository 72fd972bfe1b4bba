"""The dialogs in which the leader chooses what everybody sees: the choices, and beside them what is chosen."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ...sentences import explain
from ...session import state
from .board import Board
from .stage import Stage


def draw(title: str, choices: Callable[[], None], chosen: Callable[[Stage | None], None]) -> None:
    """Draw a dialog with these `choices`; `chosen` draws what is chosen, as everybody will see it."""
    st.dialog(title, width="large", on_dismiss=state.of(Board).close)(_content)(choices, chosen)


def _content(choices: Callable[[], None], chosen: Callable[[Stage | None], None]) -> None:
    board = state.of(Board)
    if not board.open:  # a click has just closed it
        st.rerun()
    with st.container(key="room-choices"):
        left, right = st.columns([0.58, 0.42], gap="large")
        with left:
            choices()
        with right, st.container(border=True, key="room-chosen"):
            chosen(board.chosen)
            if board.refused is not None:
                st.error(explain(board.refused), icon=":material/error:")


def go(label: str, icon: str, note: str, act: Callable[..., None], *args: Any, name: str) -> None:
    """Draw the button that shows everybody what is chosen, and a `note` on what that means for them."""
    st.button(label, key=name, type="primary", icon=icon, on_click=act, args=args)
    st.caption(note)


def choice(label: str, stage: Stage | None, *, key: str) -> None:
    """Draw a button that chooses this."""
    board = state.of(Board)
    kind = "primary" if board.chosen == stage else "secondary"
    st.button(label, key=key, type=kind, on_click=board.choose, args=(stage,))

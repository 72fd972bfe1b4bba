"""The dialogs in which the leader chooses what everybody sees: the choices, and beside them what is chosen."""

from collections.abc import Callable

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


def choice(label: str, stage: Stage | None, *, key: str) -> None:
    """Draw a button that chooses this."""
    board = state.of(Board)
    kind = "primary" if board.chosen == stage else "secondary"
    st.button(label, key=key, type=kind, on_click=board.choose, args=(stage,))

"""What the leader's page remembers, and what its buttons do."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from wb_core.lessons import Attempt

from ...lessons import opening
from ...sentences import explain
from ...session import state
from ..here import ROOMS, InRoom
from ..seats import Key, RoomError


class Board:
    """Whether the code is folded, which dialog is open, and what was refused in it."""

    def __init__(self) -> None:
        self.folded = False
        self.open = ""
        self.refused: RoomError | None = None

    def show(self, dialog: str) -> None:
        self.open, self.refused = dialog, None

    def close(self) -> None:
        self.open, self.refused = "", None

    def fold(self) -> None:
        self.folded = not self.folded


def lead(key: Key, **changes: Any) -> None:
    """Change what everybody sees, and close the dialog."""
    decide(ROOMS.lead, key, **changes)


def push(key: Key, attempt: Attempt, lesson: str = "") -> None:
    """Show this to everybody: the beginning of a lesson, or a run."""
    lead(key, pushed=attempt, lesson=lesson)


def show_answer(key: Key, attempt: Attempt) -> None:
    """End the question with a run: everybody is shown it, and the leader's own lab opens with it."""
    lead(key, pushed=attempt, lesson="", question=None)
    opening.ask(opening.show, attempt)


def end(key: Key) -> None:
    """End the room."""
    if decide(ROOMS.end, key):
        state.of(InRoom).stop_leading("")
        state.of(Board).folded = False


def decide(change: Callable[..., Any], *given: Any, **more: Any) -> bool:
    """Do something with the room, and close the dialog; False, and it stays open, if that was refused."""
    done = act(change, *given, **more)
    if done:
        state.of(Board).close()
    return done


def act(change: Callable[..., Any], *given: Any, **more: Any) -> bool:
    """Do something with the room; False if that was refused. The leader of a room that has ended leaves it."""
    board = state.of(Board)
    try:
        change(*given, **more)
    except RoomError as error:
        board.refused = error
        if error.gone:
            board.close()
            state.of(InRoom).stop_leading("ended")
        elif not board.open:
            st.toast(explain(error))
        return False
    return True

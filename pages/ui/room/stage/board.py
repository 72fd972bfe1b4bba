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
from .stage import Stage

NAMES, FOLDED = "room.names", "room.folded"
"""Where the session has whether the wall names its seats, and whether the code is folded; a reload brings both back."""


class Board:
    """Which dialog is open, what it would show to everybody, and what was refused in it."""

    def __init__(self) -> None:
        self.show("")

    def show(self, dialog: str) -> None:
        self.open = dialog
        self.chosen: Stage | None = None
        self.refused: RoomError | None = None

    def close(self) -> None:
        self.show("")

    def choose(self, stage: Stage | None) -> None:
        self.chosen, self.refused = stage, None


def fold() -> None:
    """Fold the code, or unfold it."""
    state.put(FOLDED, not state.get(FOLDED))


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
        state.put(FOLDED, False)


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

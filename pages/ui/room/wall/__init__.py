"""The leader's wall: everybody's runs in one picture, drawn in the browser as the seats' news arrive."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ... import assets
from ...i18n import language
from ...lessons import opening
from ...session import state
from ..here import ROOMS, InRoom
from ..seats import Key, RoomError
from .words import words

HERE = Path(__file__).parent
KEY = "room.wall"
_component = assets.component("wall", HERE / "wall.css")


def draw(key: Key, *, with_names: bool, on_end: Callable[[], None] | None = None, **said: str) -> None:
    """Draw the wall of the room that this key leads, with `said` instead of some of its words.

    When the room ends, `on_end` is called; without it, the session leads it no longer.
    """
    _component(
        key=KEY,
        data={
            "script": assets.url("wall"),
            "key": {"room": key.code, "secret": key.secret},
            "names": with_names,
            "language": language(),
            "words": {**words(), **said},
        },
        on_open_change=functools.partial(_open, key),
        on_ended_change=on_end or _ended,
        on_again_change=lambda: None,  # the rerun draws what could not be reached
    )


def _sent(name: str) -> Any:
    return (state.get(KEY) or {}).get(name)


def _open(leader: Key) -> None:
    """Open what a seat shows, in its lab."""
    try:
        seats = ROOMS.seats(leader)
    except RoomError:
        return
    for seat in seats:
        if seat.id == _sent("open") and seat.show is not None:
            opening.ask(opening.show, seat.show.attempt)


def _ended() -> None:
    state.of(InRoom).stop_leading("ended")

"""Small parts of the leader's page that count along as the seats' news arrive, without a rerun."""

from pathlib import Path
from typing import Any

from ... import assets
from ...i18n import _
from ...session import state
from .. import names
from ..here import ROOMS, InRoom
from ..seats import Key
from .board import act

HERE = Path(__file__).parent
_component = assets.component("counts", HERE / "counts.css")


def draw(key: Key, part: str, *, turn: int = 0, lesson: str = "") -> None:
    """Draw one part: "seats", "looks", "solved" (of this lesson), "answers" or the "list" of the seats.

    "seats" also asks for a rerun when the stage is no longer that of this `turn`: another tab leads, too.
    """
    words: dict[str, Any] = {
        "seats": _("{count} of {all} here"),
        "looks": _("{count} of {all} look"),
        "solved": _("{count} of {all} solved"),
        "answers": _("{count} of {all} answered"),
        "seat": _("Seat {number}"),
        "remove": _("Remove"),
        "sure": _("Remove?"),
        "empty": _("Nobody is here yet."),
    }
    if part == "list":
        words["rehearsal"] = _("(rehearsal)")
        words["names"] = {word: _(word) for word in (*names.COLORS, *names.ANIMALS)}
    _component(
        key=f"room.counts.{part}",
        width="stretch" if part == "list" else "content",
        data={
            "script": assets.url("counts"),
            "key": {"room": key.code, "secret": key.secret},
            "part": part,
            "turn": turn,
            "lesson": lesson,
            "words": words,
        },
        on_turn_change=_turned,
        on_remove_change=_remove,
    )


def _turned() -> None:
    """The rerun is all that is asked for."""


def _remove() -> None:
    """Free the seat whose button was pressed."""
    seat, leader = (state.get("room.counts.list") or {}).get("remove"), state.of(InRoom).leader
    if leader is not None and isinstance(seat, str):
        act(ROOMS.remove, leader, seat)

"""The room that this session is in: as a seat, or as its leader."""

import contextlib
import json
import os
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import wb_core as wb
from wb_core.lessons import Attempt
from wb_core.lessons.places import run_of

from ..lessons import attempts
from ..lessons.current import here as lesson_here
from ..lessons.prediction import Records
from ..lessons.progress import Progress
from ..session import state
from . import curves
from .rooms import Rooms
from .seats import Key, OnShow, RoomError
from .store import MemoryStore, Store

ONLY_IN_LESSONS = ("step", "tensors")
"""Pages whose runs and tensors are told only in a lesson."""

Farewell = Literal["", "ended", "freed", "left"]


def _store() -> Store:
    """The Redis in WB_REDIS_URL, which server processes can share, or the memory of this one."""
    url = os.environ.get("WB_REDIS_URL", "").strip()
    if not url:
        return MemoryStore()
    from .redis_store import RedisStore  # redis-py is optional

    return RedisStore(url)


ROOMS = Rooms(_store())
"""The rooms of this server, or of all servers that share a Redis."""


@dataclass
class InRoom:
    """The keys of this session, and what it has told its room last."""

    seat: Key | None = None
    leader: Key | None = None
    name: str | tuple[str, str] = ""
    told: OnShow | None = None
    latest: Attempt | None = None  # what was shown last in a lab
    looked: str = ""  # the push that the visitor has looked at or put away
    before: list[Any] = field(default_factory=list)  # what the visitor had before each look, the latest last
    farewell: Farewell = ""  # how the seat or the leader's place was lost
    was_in: bool = False  # whether this session has ever been in a room

    def sit(self, key: Key) -> None:
        """Take a seat."""
        self.leave("")
        self.seat = key

    def leave(self, farewell: Farewell) -> None:
        """Leave the seat."""
        self.seat, self.told, self.name, self.looked, self.before = None, None, "", "", []
        self.farewell = farewell

    def lost(self) -> None:
        """Leave a seat that is no longer there: the room has ended, or the leader has freed it."""
        if self.seat is None:
            return
        try:
            ROOMS.stage(self.seat.code)
        except RoomError:
            self.leave("ended")
        else:
            self.leave("freed")

    def stop_leading(self, farewell: Farewell) -> None:
        """Lead the room no longer."""
        if self.leader is not None:
            self.leader, self.farewell = None, farewell

    def called(self) -> str | tuple[str, str]:
        """How the seat is called; "" while the room cannot be reached."""
        if not self.name and self.seat is not None:
            with contextlib.suppress(RoomError):
                self.name = ROOMS.name(self.seat)
        return self.name

    def written(self) -> dict[str, str]:
        """The part of the visit that the browser keeps; none for a visitor who has never been in a room."""
        self.was_in = self.was_in or self.seat is not None or self.leader is not None
        if not self.was_in:
            return {}
        keys = {name: _plain(key) for name, key in (("seat", self.seat), ("leader", self.leader)) if key is not None}
        text = json.dumps(keys | {"looked": self.looked}, separators=(",", ":")) if keys else ""
        return {"room": text}

    def take_over(self, text: str) -> None:
        """Take the seat or the lead that an earlier session had. Raises `ValueError` for anything else."""
        found = json.loads(text) if text else {}
        if not isinstance(found, dict) or not isinstance(looked := found.get("looked", ""), str) or len(looked) > 20:
            raise ValueError("this is no place in a room")
        seat, leader = (_key(found.get(name)) for name in ("seat", "leader"))
        if (seat and not seat.seat) or (leader and leader.seat):
            raise ValueError("this is another key")
        if self.seat is None and seat is not None:
            self.seat, self.looked = seat, looked
        self.leader = self.leader or leader


def _plain(key: Key) -> list[str]:
    return [key.code, key.secret, key.seat]


def _key(found: Any) -> Key | None:
    """The key that `_plain` has written. Raises `ValueError` for anything else."""
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 3 or not all(isinstance(part, str) for part in found):
        raise ValueError("this is no key")
    key = Key(*found)
    if not key.well_formed:
        raise ValueError("this is no key")
    return key


def tell(page: str, records: Records) -> None:
    """Tell the room what this page shows, if that has changed; a training that still runs is told at its end."""
    seated = state.of(InRoom)
    if seated.seat is None and seated.leader is None:
        return
    shown = records()[0]
    run = run_of(shown)
    if run is not None and not (run.finished and (run.epochs or run.diverged_at is not None)):
        return
    attempt = attempts.made(page, shown)
    if attempt is None:
        return
    seated.latest = attempt
    show = OnShow(attempt, *_lesson(page))
    if seated.seat is None or (page in ONLY_IN_LESSONS and not show.lesson):
        return
    told = seated.told
    if told is not None and show == replace(told, verdict="", accuracies=()):  # which follow from the rest
        return
    show = replace(show, verdict=_verdict(run), accuracies=_accuracies(run))
    try:
        ROOMS.tell(seated.seat, show, curves.told(attempt, run))
    except RoomError as error:
        if error.gone:
            seated.lost()
        elif error.code == "room.too_long":  # and stays so
            seated.told = show
    else:
        seated.told = show


def _verdict(run: wb.RunRecord | None) -> str:
    """What the diagnosis says of a run: "good", or the code of what is wrong."""
    if run is None or (run.evaluation is None and not wb.kind_of(run.config).batch and run.diverged_at is None):
        return ""  # tensors, and pictures that were stopped before the first test
    return run.diagnosis.verdict


def _accuracies(run: wb.RunRecord | None) -> tuple[float, ...]:
    """The test accuracy of a run on pictures after each epoch, in percent."""
    if run is None or wb.kind_of(run.config) is not wb.KINDS["image"]:
        return ()
    return tuple(round(float(accuracy), 2) for accuracy in run.column("test_accuracy"))


def _lesson(page: str) -> tuple[str, bool, int]:
    """The lesson that the page is in, whether it is passed, and its tries."""
    found = lesson_here(page)
    if found is None:
        return "", False, 0
    lesson, stand = found
    done = state.of(Progress).of(stand.text)
    return lesson.id, done.passed, done.tries

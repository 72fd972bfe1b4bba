"""What is known of a room's seats: their keys, what they have on show, and what is refused."""

import json
import re
from dataclasses import asdict, dataclass

import wb_core as wb
from wb_core.lessons import Attempt

from . import names
from .stage.stage import attempt


class RoomError(wb.WorkbenchError):
    """Something that a room refuses.

    "room.unknown" and "room.not_allowed": the room or the seat is gone. "room.full", "room.too_many", "room.often",
    "room.wait", "room.flood", "room.too_long" and "room.question": not so. "room.lost": no room can be reached now.
    """

    @property
    def gone(self) -> bool:
        """Whether there is nothing to wait for."""
        return self.code in ("room.unknown", "room.not_allowed")


@dataclass(frozen=True)
class Key:
    """What opens a seat, or with an empty `seat` the leader's place."""

    code: str
    secret: str
    seat: str = ""

    @property
    def well_formed(self) -> bool:
        """Whether it could be one; what is asked of a store is not of any shape."""
        shape = re.fullmatch(r"[\w-]{20,60}", self.secret, re.ASCII) and re.fullmatch("([0-9a-f]{12})?", self.seat)
        return bool(shape) and names.read_code(self.code) == self.code != ""


@dataclass(frozen=True)
class OnShow:
    """What a seat shows: an attempt, the lesson it is in, whether that is passed, and the number of its tries.

    `verdict` is the code of what the lab says of the run, such as "bouncing". `accuracies` are those of a picture run,
    epoch by epoch (in percent): that is too much work to train again for a wall.
    """

    attempt: Attempt
    lesson: str = ""
    passed: bool = False
    tries: int = 0
    verdict: str = ""
    accuracies: tuple[float, ...] = ()

    def text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "OnShow":
        """What `text` has written."""
        found = json.loads(text)
        return cls(**{**found, "attempt": attempt(found["attempt"]), "accuracies": tuple(found["accuracies"])})


@dataclass(frozen=True)
class Seat:
    """A seat as the leader sees it. Its number counts the seats as they came in.

    It `looks` at this push, and has `solved` these lessons.
    """

    id: str
    name: str | tuple[str, str]
    here: bool
    show: OnShow | None = None
    answer: int | None = None
    number: int = 0
    looks: str = ""
    solved: tuple[str, ...] = ()
    rehearsal: bool = False  # it is simulated

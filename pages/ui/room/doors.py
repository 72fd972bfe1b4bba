"""Who may do what in a room, and how often: every reading and writing goes through here."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from . import names
from .seats import Key, RoomError
from .store import IDLE, Full, Lost, Store, TooLong

WRONG_CODES = 30
PERIOD = 60.0
"""So many wrong codes are answered in as many seconds, from all visitors together, so that nobody guesses one."""

ROOMS_OF_ONE = 40
"""So many rooms may be opened from one network in four hours (`IDLE`): a school may have one address for all."""

MESSAGES = 30
PACE = 10.0
"""A seat may tell so many things, and a leader show them, in as many seconds."""


@contextmanager
def refusals(full: str = "room.full") -> Iterator[None]:
    """What a store refuses, as errors of rooms."""
    try:
        yield
    except TooLong as error:
        raise RoomError("room.too_long", str(error)) from error
    except Full as error:
        raise RoomError(full, str(error)) from error
    except Lost as error:
        raise RoomError("room.lost", str(error)) from error


class Doors:
    """The texts of rooms, behind their keys."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.store = store
        self._clock = clock

    def is_seat(self, key: Key) -> bool:
        """Whether this key opens a seat."""
        return self._opens(key, f"seat:{key.seat}", "key") if key.seat else False

    def leads(self, key: Key) -> bool:
        """Whether this key is the leader's."""
        return self._opens(key, "room", "leader")

    def _opens(self, key: Key, name: str, field: str) -> bool:
        if not key.well_formed:
            return False
        text = self._read(key.code, name).get(name)
        return text is not None and names.is_secret(key.secret, json.loads(text)[field])

    def _room(self, code: str) -> dict[str, Any]:
        text = self._read(code, "room").get("room")
        if text is None:
            raise RoomError("room.unknown", "there is no such room")
        found: dict[str, Any] = json.loads(text)
        return found

    def _guard(self) -> None:
        """Refuse a code, right or wrong, where too many were wrong."""
        if self.store.count("wrong codes", PERIOD, 0) >= WRONG_CODES:
            raise RoomError("room.wait", "too many wrong codes")

    def _behind(self, texts: Mapping[str, str]) -> None:
        """Count a wrong code, behind which there is nothing."""
        if "room" not in texts or "closed" in json.loads(texts["room"]):
            self.store.count("wrong codes", PERIOD)
            raise RoomError("room.unknown", "there is no such room")

    def _count_opened(self, network: str) -> None:
        """Refuse more rooms from one network; "" is this machine, which may have any number."""
        with refusals():
            if network and self.store.count(f"rooms of {network}", IDLE) > ROOMS_OF_ONE:
                raise RoomError("room.often", "too many rooms from one network")

    def _pace(self, key: Key) -> None:
        """Refuse what comes too fast from one seat, or from the leader."""
        with refusals():
            if self.store.count(f"{key.code}:{key.seat}", PACE) > MESSAGES:
                raise RoomError("room.flood", "too many messages")

    def _read(self, code: str, *names_of: str) -> Mapping[str, str]:
        with refusals():
            return self.store.read(code, *names_of)

    def _write_seat(self, key: Key, texts: Mapping[str, str | None], *, quietly: bool = False) -> None:
        """Write texts of a seat, unless it has been freed meanwhile."""
        self._write(key.code, texts, where=f"seat:{key.seat}", quietly=quietly)

    def _write(self, code: str, texts: Mapping[str, str | None], **how: Any) -> None:
        with refusals():
            there = self.store.write(code, texts, **{"where": "room", **how})
        if not there:
            raise RoomError("room.unknown", "there is no such room")

    @staticmethod
    def _check(allowed: bool) -> None:
        if not allowed:
            raise RoomError("room.not_allowed", "this key does not open that")

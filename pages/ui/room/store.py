"""Where rooms are kept: a small interface, and a store in this process's memory.

A room is a few named texts. Whoever listens learns which of them have changed, and reads them. Everything is bounded,
and everything expires.
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from .listeners import ALL, Listener, Listeners

MAX_ROOMS = 200
MAX_TEXTS = 700
"""The most texts of a room: six for each seat, and some."""

MAX_LENGTH = 16_000
"""The most bytes of a text."""

IDLE = 4 * 3600.0
"""A room ends this many seconds after its last change."""


class Full(Exception):  # noqa: N818
    """There is no room for this: too many rooms, or too many texts."""


class TooLong(Full):
    """A text that is too long."""


class Lost(Exception):  # noqa: N818
    """The store cannot be reached now."""


class Store(Protocol):
    """Keeps rooms by their codes. All of it may be called from any thread, and `listen` from an event loop.

    All but `listen` raise `Lost` while the store cannot be reached. A listener hears "all" when that begins and ends.
    """

    def create(self, code: str, texts: Mapping[str, str]) -> bool:
        """Make a room, unless there is one with this code. Raises `Full`."""

    def read(self, code: str, *names: str) -> Mapping[str, str]:
        """These texts of a room, or all of them; none if there is no such room."""

    def write(
        self, code: str, texts: Mapping[str, str | None], *, where: str = "", unless: str = "", quietly: bool = False
    ) -> bool:
        """Change some texts of a room at once, and drop those that are None. Raises `Full`.

        False if there is no such room, if it has no text named `where`, or one named `unless`. What is written
        quietly is told to nobody, and the room does not live longer for it.
        """

    def end(self, code: str) -> None:
        """Forget a room."""

    def count(self, name: str, seconds: float, more: int = 1) -> int:
        """Count something that so many more have done, and return how many that are within these seconds."""

    def listen(self, code: str, wanted: Collection[str] | None = None) -> AbstractAsyncContextManager[Listener]:
        """Learn what changes in a room, from now on: any text, or those that are wanted."""


@dataclass(eq=False)
class _Room:
    texts: dict[str, str]
    touched: float


class MemoryStore:
    """Rooms in the memory of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, idle: float = IDLE) -> None:
        self._clock, self._idle = clock, idle
        self._lock = threading.Lock()
        self._rooms: dict[str, _Room] = {}
        self._counts: dict[str, tuple[float, int]] = {}
        self._listeners = Listeners()

    def create(self, code: str, texts: Mapping[str, str]) -> bool:
        check(texts)
        with self._lock:
            self._expire()
            if code in self._rooms:
                return False
            if len(self._rooms) >= MAX_ROOMS:
                raise Full(f"there are {MAX_ROOMS} rooms")
            self._rooms[code] = _Room(dict(texts), self._clock())
            return True

    def read(self, code: str, *names: str) -> Mapping[str, str]:
        with self._lock:
            self._expire()
            texts = self._rooms[code].texts if code in self._rooms else {}
            return {name: texts[name] for name in names if name in texts} if names else dict(texts)

    def write(
        self, code: str, texts: Mapping[str, str | None], *, where: str = "", unless: str = "", quietly: bool = False
    ) -> bool:
        check(texts)
        with self._lock:
            self._expire()
            room = self._rooms.get(code)
            if room is None or unless in room.texts or (where and where not in room.texts):
                return False
            after = {**room.texts, **texts}
            kept = {name: text for name, text in after.items() if text is not None}
            if len(kept) > MAX_TEXTS:
                raise Full(f"a room has at most {MAX_TEXTS} texts")
            room.texts = kept
            if quietly:
                return True
            room.touched = self._clock()
        self._listeners.tell(code, texts)
        return True

    def end(self, code: str) -> None:
        with self._lock:
            self._rooms.pop(code, None)
        self._listeners.tell(code, {ALL})

    def count(self, name: str, seconds: float, more: int = 1) -> int:
        with self._lock:
            now = self._clock()
            if len(self._counts) > 10 * MAX_TEXTS:
                self._counts = {key: kept for key, kept in self._counts.items() if kept[0] > now}
            until, so_far = self._counts.get(name, (0.0, 0))
            if until <= now:
                until, so_far = now + seconds, 0
            self._counts[name] = until, so_far + more
            return so_far + more

    def listen(self, code: str, wanted: Collection[str] | None = None) -> AbstractAsyncContextManager[Listener]:
        return self._listeners.listen(code, wanted)

    def _expire(self) -> None:
        latest = self._clock() - self._idle
        for code in [code for code, room in self._rooms.items() if room.touched < latest]:
            del self._rooms[code]


def check(texts: Mapping[str, str | None]) -> None:
    """Raise `Full` for texts that no room may have."""
    if len(texts) > MAX_TEXTS:
        raise Full(f"a room has at most {MAX_TEXTS} texts")
    if any(len(text.encode()) > MAX_LENGTH for text in texts.values() if text is not None):
        raise TooLong(f"a text has at most {MAX_LENGTH} bytes")

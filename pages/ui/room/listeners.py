"""Who waits for news of a room in this process, in any event loop."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

ALL = "all"
"""This name says that anything may have changed."""


@dataclass(eq=False)
class Listener:
    """Collects names until its event loop asks; a flood of changes is one answer."""

    loop: asyncio.AbstractEventLoop
    wanted: frozenset[str] | None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    names: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, names: Collection[str]) -> None:
        """Called from any thread."""
        heard = {name for name in names if name == ALL or self.wanted is None or name in self.wanted}
        if not heard:
            return
        with self.lock:
            woken = bool(self.names)
            self.names |= heard
        if not woken:
            self.loop.call_soon_threadsafe(self.news.set)

    async def wait(self, seconds: float) -> frozenset[str]:
        """The names of the texts that have changed since the last call; empty after so many seconds without any."""
        try:
            await asyncio.wait_for(self.news.wait(), seconds)
        except TimeoutError:
            return frozenset()
        self.news.clear()
        with self.lock:
            names, self.names = frozenset(self.names), set()
        return names


class Listeners:
    """All listeners of a process, by room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: defaultdict[str, set[Listener]] = defaultdict(set)

    def tell(self, code: str, names: Collection[str]) -> None:
        """Tell those of one room what has changed."""
        with self._lock:
            told = [*self._of.get(code, ())]
        for listener in told:
            listener.tell(names)

    def tell_all(self) -> None:
        """Tell those of all rooms that anything may have changed."""
        with self._lock:
            codes = [*self._of]
        for code in codes:
            self.tell(code, {ALL})

    @asynccontextmanager
    async def listen(self, code: str, wanted: Collection[str] | None) -> AsyncIterator[Listener]:
        """A listener to a room, for all of its texts or some."""
        listener = Listener(asyncio.get_running_loop(), None if wanted is None else frozenset(wanted))
        with self._lock:
            self._of[code].add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._of[code].discard(listener)
                if not self._of[code]:
                    del self._of[code]

"""The route by which browsers learn what changes in their room: server-sent events, one stream for each page.

A page says who it is in headers, so that no secret is in an address or a log. A stream also says that its page is
there.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from .listeners import ALL
from .rooms import Rooms
from .seats import Key, RoomError, Seat

PATH = "room-events"
BEAT = 20.0
"""A stream says at least this often (in seconds) that it is there, in both directions."""

REST = 0.2
"""Changes within this time are one event."""

AGAIN = 1.0
"""While the rooms cannot be reached, a stream looks for them this often."""

TIME = "time"
"""The name of the change that time makes: somebody is away."""

MAX_STREAMS = 600
MAX_OF_ONE = 6
"""So many streams of one seat, or of the leader, may be open in this process."""

_OPEN: Counter[tuple[str, str]] = Counter()
_READERS = ThreadPoolExecutor(4, thread_name_prefix="rooms")
"""Read the rooms, because a store may wait for its network."""


async def aside(act: Callable[..., Any], *args: Any) -> Any:
    """Do what may wait for a store beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_READERS, act, *args)


def key_of(request: Request) -> Key:
    """Who asks."""
    headers = request.headers
    return Key(headers.get("x-room", ""), headers.get("x-secret", ""), headers.get("x-seat", ""))


async def refusal(rooms: Rooms, key: Key) -> Response | None:
    """The answer to a key that opens nothing (403), and while nobody can know (503)."""
    try:
        allowed = await aside(rooms.is_seat if key.seat else rooms.leads, key)
    except RoomError:
        return Response(status_code=503, headers={"Retry-After": "1"})
    return None if allowed else Response(status_code=403)


def route(rooms: Rooms) -> Any:
    """The answer of the route: 403 for a key that opens nothing, 429 or 503 if there are too many streams."""

    async def answer(request: Request) -> Response:
        key = key_of(request)
        if refused := await refusal(rooms, key):
            return refused
        if _OPEN[key.code, key.seat] >= MAX_OF_ONE:
            return Response(status_code=429)
        if _OPEN.total() >= MAX_STREAMS:
            return Response(status_code=503)
        return StreamingResponse(
            stream(rooms, key),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return answer


async def stream(rooms: Rooms, key: Key) -> AsyncIterator[str]:
    """The events of a seat, or of the leader: at once how it is, then each change, until the room or the seat ends."""
    teller = _Teller(rooms, key)
    wanted = {"room", f"seat:{key.seat}"} if key.seat else None
    with _counted(key):
        async with rooms.store.listen(key.code, wanted) as changes:
            news, lost = frozenset({ALL}), False
            while True:
                try:
                    told = await aside(teller.events, news)
                    lost = False
                except RoomError as error:
                    if error.gone:  # the room has ended, or the seat was taken away
                        yield _event("end", {})
                        return
                    told, lost, teller.stage = [] if lost else [_event("lost", {})], True, ""
                for event in told:
                    yield event
                await asyncio.sleep(REST)
                news = await changes.wait(AGAIN if lost else BEAT)
                if lost or not news:
                    yield ":\n\n"
                if lost:
                    news |= {ALL}


@contextmanager
def _counted(key: Key) -> Iterator[None]:
    one = key.code, key.seat
    _OPEN[one] += 1
    try:
        yield
    finally:
        _OPEN[one] -= 1
        if not _OPEN[one]:
            del _OPEN[one]


@dataclass
class _Teller:
    """Says what has changed since it said something last."""

    rooms: Rooms
    key: Key
    stage: str = ""
    answers: int = -1
    looked: float = 0.0
    seats: dict[str, Seat] = field(default_factory=dict)

    def events(self, news: frozenset[str]) -> list[str]:
        """What to say after these changes; without any, what has changed by itself."""
        if not news or time.monotonic() - self.looked > BEAT:
            news, self.looked = news | {TIME}, time.monotonic()
        if self.key.seat:
            return self._of_seat(news)
        events = self._stage() if news & {ALL, "room"} else []
        if news & {ALL, "room"} or any(name.startswith("answer:") for name in news):
            events += self._answers()
        return events + self._seats(news)

    def _of_seat(self, news: frozenset[str]) -> list[str]:
        if news & {ALL, TIME}:
            self.rooms.hear(self.key)
        elif not self.rooms.is_seat(self.key):
            raise RoomError("room.not_allowed", "the seat is gone")
        return self._stage() if news & {ALL, "room"} else []

    def _stage(self) -> list[str]:
        stage = _event("stage", asdict(self.rooms.stage(self.key.code).public))
        if stage == self.stage:
            return []
        self.stage = stage
        return [stage]

    def _answers(self) -> list[str]:
        count = self.rooms.answers(self.key.code)
        if count == self.answers:
            return []
        self.answers = count
        return [_event("answers", {"count": count})]

    def _seats(self, news: frozenset[str]) -> list[str]:
        """Those that have changed, and which ones are there if one has come or gone."""
        changed = {name.partition(":")[2] for name in news if name.startswith(("seat:", "on:", "here:"))}
        whole = bool(news & {ALL, TIME, "room"})
        found = {seat.id: seat for seat in self.rooms.seats(self.key, None if whole else changed)}
        gone = (self.seats.keys() if whole else changed & self.seats.keys()) - found.keys()
        told = [seat for seat in found.values() if seat != self.seats.get(seat.id)]
        come = found.keys() - self.seats.keys()
        self.seats.update(found)
        for seat in gone:
            del self.seats[seat]
        events = [_event("there", [*self.seats])] if gone or come or ALL in news else []
        return events + ([_event("seats", [asdict(seat) for seat in told])] if told else [])


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"

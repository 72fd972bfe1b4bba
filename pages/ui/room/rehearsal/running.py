"""A rehearsal: simulated seats fill a room. All those of a server run in one thread, for a bounded time."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import wb_core as wb

from ..rooms import Rooms
from ..seats import Key, RoomError
from ..stage.stage import Stage
from .pupils import Pupil

LOG = logging.getLogger(__name__)

SEATS = 30
SEED = 16
MAX_REHEARSALS = 3
"""So many at once on a server."""

LASTS = 20 * 60.0
"""A rehearsal ends after so many seconds. Its seats stay until they are removed."""

BEAT = 20.0
TICK = 0.2


@dataclass
class _Seated:
    """A simulated seat and when it does something next, in seconds since the rehearsal began."""

    pupil: Pupil
    key: Key | None = None
    heard: float = 0.0
    next_run: float = 0.0
    next_answer: float = 0.0
    answered: str = ""
    next_look: float = 0.0
    push: str = ""
    gone: bool = False


class Rehearsal:
    """The simulated seats of one room. `step` does what is due; it may be called as often as one likes."""

    def __init__(self, rooms: Rooms, code: str, seats: int = SEATS, seed: int = SEED) -> None:
        self._rooms = rooms
        self._code = code
        self._seated = [_Seated(Pupil(seed, number)) for number in range(seats)]
        self._coming = threading.Lock()
        self._ended = False

    def end(self) -> None:
        """Let nobody else come in: whoever frees the seats then frees all of them."""
        with self._coming:
            self._ended = True

    def step(self, now: float) -> bool:
        """Do what is due after so many seconds; False if nothing is left to do. At most one run is trained."""
        if now > LASTS or self._ended:
            return False
        try:
            stage = self._rooms.stage(self._code)
        except RoomError as error:
            return not error.gone
        for seated in self._seated:
            if self._act(seated, stage, now):
                break
        return any(not seated.gone for seated in self._seated)

    def _act(self, seated: _Seated, stage: Stage, now: float) -> bool:
        """What one seat does now; returns whether it has trained."""
        times = seated.pupil.times
        if seated.gone or now < times.comes:
            return False
        if now > times.goes:
            seated.gone = True
            return False
        try:
            if seated.key is None:
                with self._coming:
                    if self._ended:
                        return False
                    seated.key = self._rooms.join(self._code, rehearsal=True)
                seated.heard, seated.next_run = now, now + seated.pupil.pause() / 3
            if now > seated.heard + BEAT:
                self._rooms.hear(seated.key)
                seated.heard = now
            if stage.paused:
                return False
            self._look(seated, seated.key, stage, now)
            self._answer(seated, seated.key, stage, now)
            return self._run(seated, seated.key, stage, now)
        except RoomError as error:
            seated.gone = error.gone or error.code == "room.full"
            return False

    def _answer(self, seated: _Seated, key: Key, stage: Stage, now: float) -> None:
        asked = stage.question
        if asked is None or asked.revealed:
            return
        if seated.answered != asked.id:
            seated.answered, seated.next_answer = asked.id, now + seated.pupil.pause() / 2
        elif 0 < seated.next_answer <= now:
            seated.next_answer = 0.0
            self._rooms.answer(key, asked.id, seated.pupil.answer(asked))

    def _look(self, seated: _Seated, key: Key, stage: Stage, now: float) -> None:
        if seated.push != stage.push:
            seated.push, seated.next_look = stage.push, now + seated.pupil.pause() / 4
        elif 0 < seated.next_look <= now:
            seated.next_look = 0.0
            self._rooms.look(key, stage.push)

    def _run(self, seated: _Seated, key: Key, stage: Stage, now: float) -> bool:
        if now < seated.next_run:
            return False
        seated.next_run = now + seated.pupil.pause()
        try:
            show = seated.pupil.show(stage)
        except wb.WorkbenchError:  # a device that is not here, ...
            return True
        if show is not None:
            self._rooms.tell(key, show)
        return True


@dataclass
class Rehearsals:
    """All rehearsals of this server, one a room, and the thread that runs them."""

    rooms: Rooms
    clock: Callable[[], float] = time.monotonic
    _running: dict[str, tuple[Rehearsal, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def start(self, key: Key) -> None:
        """Fill the room that this key leads. Raises `RoomError` if too many rehearse."""
        if not self.rooms.leads(key):
            raise RoomError("room.not_allowed", "only the leader rehearses")
        with self._lock:
            if key.code in self._running:
                return
            if len(self._running) >= MAX_REHEARSALS:
                raise RoomError("room.rehearsals", "too many rehearsals", most=MAX_REHEARSALS)
            self._running[key.code] = Rehearsal(self.rooms, key.code), self.clock()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="rehearsals", daemon=True)
                self._thread.start()

    def runs(self, code: str) -> bool:
        """Whether there is one in this room."""
        with self._lock:
            return code in self._running

    def stop(self, code: str) -> None:
        """Let the simulated seats do nothing more."""
        with self._lock:
            stopped = self._running.pop(code, None)
        if stopped is not None:
            stopped[0].end()

    def remove(self, key: Key) -> None:
        """Stop, and free all simulated seats."""
        self.stop(key.code)
        for seat in self.rooms.seats(key):
            if seat.rehearsal:
                self.rooms.remove(key, seat.id)

    def _work(self) -> None:
        while self._turn():
            time.sleep(TICK)

    def _turn(self) -> bool:
        """One step of each; False, and the thread is forgotten, if there is none."""
        with self._lock:
            if not self._running:
                self._thread = None
                return False
            running = dict(self._running)
        for code, (rehearsal, began) in running.items():
            goes_on = False
            try:
                goes_on = rehearsal.step(self.clock() - began)
            except Exception:
                LOG.exception("a rehearsal failed")
            if not goes_on:
                self.stop(code)
        return True

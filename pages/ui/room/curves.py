"""The runs of seats, trained again for the wall: the route by which the leader's page fetches their curves.

Nobody can hold the server with a huge run: each request trains for at most `SECONDS`, each run for at most `SHARE` of
that, and what is not done then goes on in a later request.
"""

import asyncio
import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

import wb_core as wb
from wb_core.lessons import Attempt

from ..player.growing import packed
from ..training import training_slot
from . import boundaries
from .events import key_of, refusal
from .rooms import Rooms
from .seats import Key, RoomError
from .store import IDLE

PATH = "room-curves"
MOST_SHOWN = 512
"""Of a longer run, every second, fourth, ... epoch is shown, at most this many, and the last one."""

MOST_PICTURED = 24
"""The same for the pictures of boundaries."""

MAX_SEATS = 40
"""So many seats may be asked for at once."""

MAX_REQUESTS = 8
"""So many requests are answered at the same time."""

MAX_BYTES = 32_000_000
MAX_BEGUN = 8
"""So many runs wait for a later request, for `PATIENCE` seconds."""

PATIENCE = 10.0
MAX_DROPPED = 500

COLUMNS = ("train_loss", "test_loss", "weight", "bias", "train_accuracy", "test_accuracy")
SECONDS = 0.5
SHARE = 0.2
MAX_SECONDS = 5.0
"""A run that takes longer has no curve."""

CLOSED_SECONDS = 60.0
"""All runs of a room out of a file together are trained for so long; those that are left have no curve."""

SLICE = 0.05
NO_CURVE = "null"
LATER = "later"
NO_TIME = ""


def route(rooms: Rooms) -> Any:
    """The answer of the route, for the leader alone: the curves of the seats that are named, as far as they are."""
    curves, busy = Curves(), asyncio.Semaphore(MAX_REQUESTS)

    async def answer(request: Request) -> Response:
        key = key_of(request)
        if key.seat:
            return Response(status_code=403)
        if refused := await refusal(rooms, key):
            return refused
        asked = request.query_params.get("seats", "").split(",")[:MAX_SEATS]
        if busy.locked():
            return Response(status_code=503)
        async with busy:
            try:
                found = await asyncio.to_thread(_asked, rooms, key, asked, curves)
            except RoomError:  # it has ended meanwhile, or cannot be reached
                return Response(status_code=503)
        return Response(found, media_type="application/json", headers={"Cache-Control": "no-store"})

    return answer


def _asked(rooms: Rooms, key: Key, asked: list[str], curves: "Curves") -> str:
    shows = {seat.id: seat.show for seat in rooms.seats(key, asked) if seat.show}
    told = rooms.curves(key, shows)
    untold = {seat: shows[seat].attempt for seat in dict.fromkeys(asked) if seat in shows and seat not in told}
    began = time.thread_time()
    found, later = curves.of(untold)
    if rooms.is_closed(key.code):
        spent = rooms.store.count(f"{key.code}:curves", IDLE, round(1000 * (time.thread_time() - began)))
        if spent > 1000 * CLOSED_SECONDS:
            found, later = dict.fromkeys(untold, NO_CURVE) | found, []
    found |= told | {seat: NO_CURVE for seat in asked if seat and seat not in shows}
    parts = ",".join(f"{json.dumps(seat)}:{text}" for seat, text in found.items())
    return f'{{"curves":{{{parts}}},"later":{json.dumps(later)}}}'


class Curves:
    """The curves of attempts, as JSON, up to `MAX_BYTES` of them, and the runs that are not done yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: OrderedDict[str, str] = OrderedDict()
        self._bytes = 0
        self._training: set[str] = set()  # by a request, now
        self._begun: dict[str, tuple[wb.Run, float]] = {}
        self._dropped: OrderedDict[str, None] = OrderedDict()  # had no place among these

    def of(self, attempts: Mapping[str, Attempt]) -> tuple[dict[str, str], list[str]]:
        """The curves that are there within `SECONDS`, and whose run goes on later. For the rest there was no time."""
        until = time.monotonic() + SECONDS
        found = {name: self._one(attempt, until) for name, attempt in attempts.items()}
        done = {name: text for name, text in found.items() if text not in (LATER, NO_TIME)}
        return done, [name for name, text in found.items() if text == LATER]

    def _one(self, attempt: Attempt, until: float) -> str:
        if attempt.page in ("images", "tensors"):
            return NO_CURVE
        key = hashlib.sha256(json.dumps(asdict(attempt)).encode()).hexdigest()
        with self._lock:
            if key in self._done:
                self._done.move_to_end(key)
                return self._done[key]
            if key in self._training or self._must_wait(key):
                return LATER
            if time.monotonic() > until:
                return NO_TIME
            begun, _since = self._begun.pop(key, (None, 0.0))
            self._training.add(key)
        try:
            run = begun or attempt.run()
            text = self._trained(run, min(until, time.monotonic() + SHARE))
        finally:
            with self._lock:
                self._training.discard(key)
        with self._lock:
            if text == LATER:
                self._wait(key, run)
            elif key not in self._done:
                self._keep(key, text)
        return text

    @staticmethod
    def _trained(run: wb.Run, until: float) -> str:
        """The curve of a run once it is trained; `LATER` if that is for a later request."""
        while not run.done:
            if run.seconds > MAX_SECONDS:
                return NO_CURVE
            if time.monotonic() > until:
                return LATER
            with training_slot():
                run.advance(seconds=SLICE)
        with training_slot():
            return json.dumps(curve(run), separators=(",", ":"))

    def _must_wait(self, key: str) -> bool:
        """Whether a run that was dropped would be so again. Nobody asks for some that wait: those give way."""
        latest = time.monotonic() - PATIENCE
        self._begun = {one: begun for one, begun in self._begun.items() if begun[1] > latest}
        return key in self._dropped and key not in self._begun and len(self._begun) >= MAX_BEGUN

    def _wait(self, key: str, run: wb.Run) -> None:
        if len(self._begun) < MAX_BEGUN:
            self._begun[key] = run, time.monotonic()
            return
        self._dropped[key] = None
        while len(self._dropped) > MAX_DROPPED:
            self._dropped.popitem(last=False)

    def _keep(self, key: str, text: str) -> None:
        self._done[key] = text
        self._bytes += len(text)
        while self._bytes > MAX_BYTES:
            self._bytes -= len(self._done.popitem(last=False)[1])


def told(attempt: Attempt, record: wb.RunRecord | None) -> str:
    """The curve that a seat tells, so that nobody trains its run again; "" for a run that is not of a line."""
    if record is None or wb.kind_of(record.config).id != "linear":
        return ""
    return json.dumps(curve(attempt.run(), record), separators=(",", ":"))


def curve(run: wb.Run, record: wb.RunRecord | None = None) -> dict[str, Any]:
    """What the wall shows of a trained run: numbers of its epochs, as float32 in base64, and what its kind adds.

    With the `record` of its training, the run need not be trained.
    """
    record = record or wb.record_of(run)
    count = record.epochs
    at = shown(count)
    columns = {name: packed(np.array(record.column(name))[at]) for name in COLUMNS if name in run.columns}
    if "test_loss" in columns and len(at) < count:
        columns |= _between(np.array(record.column("test_loss")), at)
    also = boundaries.pictures(run, shown(count, MOST_PICTURED)) if isinstance(run, wb.PointsRun) else _line(run)
    kind = "points" if isinstance(run, wb.PointsRun) else "linear"
    ended = {"epochs": count, "exploded": record.diverged_at is not None}
    return {"kind": kind, **ended, "at": packed(at), **columns, **also}


def shown(epochs: int, most: int = MOST_SHOWN) -> np.ndarray:
    """The epochs that are shown of so many. A shorter run shows at least every one that a longer run does."""
    step = 1
    while epochs > step * most:
        step *= 2
    return np.union1d(np.arange(0, epochs, step), [epochs - 1]).astype(int) if epochs else np.arange(0)


def _between(losses: np.ndarray, at: np.ndarray) -> dict[str, str]:
    """The lowest and the highest loss from each shown epoch to the next one: a zigzag is not to look calm."""
    return {"lowest": packed(np.minimum.reduceat(losses, at)), "highest": packed(np.maximum.reduceat(losses, at))}


def _line(run: Any) -> dict[str, Any]:
    """The target, and what names the data: where they are the same, so is the loss of every line."""
    config, data = run.config, run.data
    target = data.scale.model_line(config.weight, config.bias)
    if config.points:
        best = wb.best_line(data, config.loss)
        target = best.weight, best.bias
    name = hashlib.sha256(config.loss.encode())
    for part in (data.X_train, data.y_train):
        name.update(part.cpu().numpy().tobytes())
    return {"target": packed(np.array(target)), "data": name.hexdigest()[:16]}

"""Answers a browser that has grabbed a slider, within bounds: GET neighbours?kind=linear&field=lr&... with
the settings of a link.

A request belongs to the visit whose secret is in its header, so that one visit cannot take the place of another. What
is refused costs nothing but the colours of a slider, which then works as without neighbours.
"""

import asyncio
import functools
import gzip
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import Response

import wb_core as wb

from ..i18n import LANGUAGES, translator
from ..session import reaper, share
from ..training import SLICE, training_slot
from .kinds import LIVE
from .message import Question, message

VISIT = "x-visit"
"""The header with the secret of the visit."""

AT_ONCE, WAITING, OF_A_VISIT = 2, 60, 4
"""Messages that are made at once; those that may wait besides; and those of one visit."""

SECONDS = 20.0
"""How long a request may take, with its wait."""

KEPT_BYTES = 16 * 2**20
"""Messages that are kept for the next who asks the same, such as the others in a class."""

OWN = ("kind", "field", "part", "trained", "language")
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Abandoned(Exception):  # noqa: N818 - it is no error
    """Nobody waits for the answer any more."""


class Answers:
    """The server's answers, and what is kept of them."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, "neighbours")
        self._open: Counter[str] = Counter()  # by visit; only the server's own thread counts
        self._lock = threading.Lock()
        self._kept: OrderedDict[Question, bytes] = OrderedDict()

    async def answer(self, request: Request) -> Response:
        """The neighbours that the request asks for."""
        visit = request.headers.get(VISIT, "")
        if not reaper.is_visit(visit):
            return _refusal(403)
        try:
            question = read(request.query_params)
        except ValueError:
            return _refusal(400)
        if self._open[visit] >= OF_A_VISIT or self._open.total() >= AT_ONCE + WAITING:
            return _refusal(503)
        self._open[visit] += 1
        try:
            return await self._made(question, request)
        finally:
            self._open[visit] -= 1
            self._open += Counter()  # drops those at 0

    async def _made(self, question: Question, request: Request) -> Response:
        over = threading.Event()
        made = asyncio.wrap_future(self._pool.submit(self._make, question, over))
        gone = asyncio.ensure_future(_gone(request))
        await asyncio.wait([made, gone], timeout=SECONDS, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        over.set()
        if not made.done():
            made.cancel()  # unless it has begun, when `over` ends it
            return _refusal(204)
        try:
            packed = made.result()
        except wb.WorkbenchError:
            return _refusal(400)
        return Response(packed, headers=HEADERS | {"Content-Encoding": "gzip"}, media_type="application/octet-stream")

    def _make(self, question: Question, over: threading.Event) -> bytes:
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
                return self._kept[question]
        with Turns(over) as watch:
            packed = gzip.compress(message(question, translator(question.language), watch), compresslevel=1, mtime=0)
        if any(question.live.own_points(question.config)):  # a visitor's own, which end with the visit
            return packed
        with self._lock:
            self._kept[question] = packed
            while sum(map(len, self._kept.values())) > KEPT_BYTES:
                self._kept.popitem(last=False)
        return packed


class Turns:
    """Takes the processor in slices, as trainings do.

    What it gives is called after each piece of work, and raises `Abandoned` once `over` is set.
    """

    def __init__(self, over: threading.Event) -> None:
        self.over = over

    def __enter__(self) -> Callable[[], None]:
        self._begin()
        return self._next

    def __exit__(self, *error: object) -> None:
        self._slot.__exit__(None, None, None)

    def _begin(self) -> None:
        self._slot = training_slot()
        self._slot.__enter__()
        self._until = time.monotonic() + SLICE

    def _next(self) -> None:
        if self.over.is_set():
            raise Abandoned
        if time.monotonic() > self._until:
            self._slot.__exit__(None, None, None)
            self._begin()


@functools.cache
def _answers() -> Answers:
    return Answers()


async def answer(request: Request) -> Response:
    """Answer a request of a browser."""
    return await _answers().answer(request)


def read(query: Mapping[str, str]) -> Question:
    """What the query of a request asks for; raises `ValueError` for anything that our own page does not send."""
    settings = {name: text for name, text in query.items() if name not in OWN}
    if (live := LIVE.get(query.get("kind", ""))) is None:
        raise ValueError("this is no question")
    [config] = share.read_texts(settings, live.config)
    part = query.get("part", "-1")
    field, language, trained = (query.get(name, "") for name in ("field", "language", "trained"))
    if field not in live.fields or language not in LANGUAGES or trained not in ("on", "off"):
        raise ValueError("this is no question")
    if not live.has_neighbours(config) or not part.removeprefix("-").isascii() or len(part) > 4:
        raise ValueError("this is no question")
    return Question(config=config, field=field, part=int(part), trained=trained == "on", language=language)


async def _gone(request: Request) -> None:
    """Return when the browser has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _refusal(status: int) -> Response:
    return Response(status_code=status, headers=HEADERS)

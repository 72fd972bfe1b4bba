"""Recordings that grow while their training runs: the route by which the player fetches what is new.

A script run cannot draw the player twice, and a script run for each picture would be too slow. So the player asks for
the epochs since its last one, several times a second.
"""

import base64
import math
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..figures.recording import Recording, Rows

Layouts = Sequence[Mapping[str, Any]]

MAX_ROWS = 5_000
"""The most epochs of one answer."""

PATH = "growing"

_GROWING: "weakref.WeakValueDictionary[str, Growing]" = weakref.WeakValueDictionary()


class Growing:
    """The recording with this token as far as its training is. It can be read as long as its lab keeps this object.

    Whoever knows the token can read it. `look` returns the recording so far and the layouts of its charts; it gets the
    last ones. `rows` names the columns that grow, and says how. Those of `late` are sent again when they have changed.
    """

    def __init__(
        self,
        token: str,
        first: tuple[Recording, Layouts],
        look: Callable[[Recording, Layouts], tuple[Recording, Layouts]],
        rows: Mapping[str, Rows],
        late: Sequence[str],
    ) -> None:
        self.token = token
        self.ended = False
        self._lock = threading.Lock()
        self._now, self._look, self._rows, self._late = first, look, rows, late
        self._changed = 0  # the number of frames when the columns `late` were new
        _GROWING[token] = self

    @property
    def address(self) -> str:
        """Where the player asks, relative to every page."""
        return f"{PATH}/{self.token}"

    def look(self) -> tuple[Recording, Layouts]:
        """The recording so far, and the layouts of its charts."""
        with self._lock:
            before = self._now[0]
            self._now = self._look(*self._now)
            if any(self._now[0].columns[name] is not before.columns[name] for name in self._late):
                self._changed = self._now[0].frames
            return self._now

    def since(self, frames: int) -> dict[str, Any]:
        """What a player with so many frames lacks, up to `MAX_ROWS` of them; the numbers as float32 in base64.

        Each column says where its numbers begin. Raises `ValueError` if there are not so many frames.
        """
        ended = self.ended  # first, because the last epochs come before the end
        recording, layouts = self.look()
        if not 0 <= frames <= recording.frames:
            raise ValueError(f"there are {recording.frames} frames")
        last = min(recording.frames, frames + MAX_ROWS)
        columns = recording.columns
        parts = {}
        for name, rows in self._rows.items():
            begin, end = rows.until(frames), rows.until(last)
            parts[name] = begin * math.prod(columns[name].shape[1:]), columns[name][begin:end]
        if frames < self._changed:
            parts |= {name: (0, columns[name]) for name in self._late}
        return {
            "frames": last,
            "columns": {name: (begin, packed(values)) for name, (begin, values) in parts.items()},
            "layouts": layouts,
            "ended": ended and last == recording.frames,
        }


async def answer(request: Request) -> Response:
    """What is new for a player that has `since` frames: 204 for an unknown token, 400 for a wrong number."""
    growing, since = _GROWING.get(request.path_params["token"]), request.query_params.get("since", "")
    if growing is None:
        return Response(status_code=204)  # a run that gave way to another one; browsers report a 404 as an error
    try:
        news = growing.since(int(since) if since.isascii() and since.isdecimal() and len(since) < 8 else -1)
    except ValueError:
        return Response(status_code=400)
    return JSONResponse(news, headers={"Cache-Control": "no-store"})


def packed(values: np.ndarray) -> str:
    """Numbers as little-endian float32 in base64: the model's own precision, in a third of the length of text."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode("ascii")

"""The points of one's own in this session, by a short name that says which ones they are without carrying them."""

import base64
import json
import zlib
from collections.abc import Iterable
from typing import Any

from wb_core.base.points import PointList

from . import state

MOST = 100_000
"""A session remembers the last points, up to so many in all."""

MOST_UNPACKED = 1_000_000
"""The most bytes that packed points may have unpacked."""


class Remembered:
    """The points by their names, the last ones at the end."""

    def __init__(self) -> None:
        self.named: dict[str, PointList] = {}

    def add(self, points: PointList) -> None:
        self.named.pop(points.name, None)
        self.named[points.name] = points
        while len(self.named) > 1 and sum(map(len, self.named.values())) > MOST:
            del self.named[next(iter(self.named))]


def remember(points: PointList) -> None:
    """Remember points by their name."""
    state.of(Remembered).add(points)


def find(name: str) -> PointList | None:
    """The points with this name, if the session has had them."""
    return state.of(Remembered).named.get(name)


def pack(many: Iterable[PointList]) -> str:
    """Several sets of points as a short text for the browser; "" for none."""
    text = json.dumps([*many], separators=(",", ":"))
    return "" if text == "[]" else base64.b85encode(zlib.compress(text.encode())).decode("ascii")


def unpack(text: str) -> Any:
    """What such a text says, unchecked. Raises `ValueError` for anything else, and for more than a session can need."""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(base64.b85decode(text), MOST_UNPACKED)
    except zlib.error as error:
        raise ValueError("these are no packed points") from error
    if not unpacker.eof:
        raise ValueError("this is too long, or not all of it")
    return json.loads(found, parse_constant=_no_number)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")

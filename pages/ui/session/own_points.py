"""The points of one's own in this session, by a short name that says which ones they are without carrying them."""

from wb_core.base.points import PointList

from . import state

MOST = 100_000
"""A session remembers the last points, up to so many in all."""


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

"""Where points came from: a title and the names of their columns, which neither a config nor a link carries."""

from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.points import PointList

from ..i18n import _
from ..session import own_points, state

MAX_TITLE = 40


@dataclass(frozen=True)
class Origin:
    """A `title` and the names of both columns, "" for what has none: plain text, perhaps of a visitor's file."""

    title: str = ""
    x: str = ""
    y: str = ""


class Brought:
    """The last points that the session got, and their origin."""

    def __init__(self) -> None:
        self.points = PointList()
        self.origin = Origin()

    @property
    def saved(self) -> dict[str, str] | None:
        """The origin as plain data, with the name of the points; None for points without one."""
        return None if self.origin == Origin() else {"points": self.points.name, **vars(self.origin)}

    def take_over(self, saved: Any) -> None:
        """Take over an origin that `saved` has given. Raises `ValueError` for anything else."""
        if not isinstance(saved, dict) or saved.keys() != {"points", "title", "x", "y"}:
            raise ValueError("this is no origin")
        texts = [*saved.values()]
        points = own_points.find(str(saved["points"]))
        if points is None or not all(
            isinstance(text, str) and text.isprintable() and len(text) < 100 for text in texts
        ):
            raise ValueError("this is no origin")
        self.take(points, Origin(saved["title"], saved["x"], saved["y"]))

    def take(self, points: PointList, origin: Origin) -> None:
        self.points, self.origin = points, origin

    def follow(self, points: PointList) -> Origin:
        """The origin of these points. They keep the names of those from before if at most one of them is new."""
        if points != self.points:
            edited = self.points and len(set(points) - set(self.points)) <= 1
            self.take(points, Origin("", self.origin.x, self.origin.y) if edited else Origin())
        return self.origin


def origin_of(points: PointList) -> Origin:
    """Where the points of a run came from, in the visitor's language."""
    if not points:
        return Origin()
    for example in wb.EXAMPLES.values():
        if points == example.points:
            state.of(Brought).take(points, of_example(example))
    return state.of(Brought).follow(points)


def of_example(example: wb.Example) -> Origin:
    return Origin(_(example.title), _(example.x), _(example.y))


def title_of_file(name: str) -> str:
    """The name of an uploaded file as short printable text."""
    text = " ".join("".join(char if char.isprintable() else " " for char in name[-1000:]).split())
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1] + "…"

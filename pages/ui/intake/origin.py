"""Where points came from: a title, and the names of columns and classes, which neither a config nor a link carries."""

from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.points import PointList
from wb_core.kinds.points.own import MAX_CLASSES

from ..i18n import _
from ..session import own_points, state
from .shape import LINE, PLANE, Shape

MAX_TITLE = 40


@dataclass(frozen=True)
class Origin:
    """A `title`, the names of both columns, "" for what has none, and those of the classes: plain text, perhaps of a
    visitor's file.
    """

    title: str = ""
    x: str = ""
    y: str = ""
    classes: tuple[str, ...] = ()


class Brought:
    """The last points of a line that the session got, and their origin; and those that were put away for others."""

    def __init__(self) -> None:
        self.points = PointList()
        self.origin = Origin()
        self.away = PointList()

    @property
    def saved(self) -> dict[str, Any] | None:
        """The origin as plain data, with the name of the points; None for points without one."""
        return None if self.origin == Origin() else {"points": self.points.name, **vars(self.origin)}

    def take_over(self, saved: Any) -> None:
        """Take over an origin that `saved` has given. Raises `ValueError` for anything else."""
        if not isinstance(saved, dict) or saved.keys() - {"classes"} != {"points", "title", "x", "y"}:
            raise ValueError("this is no origin")
        classes = saved.get("classes", [])
        points = own_points.find(str(saved["points"]))
        if points is None or not isinstance(classes, list | tuple) or len(classes) > MAX_CLASSES:
            raise ValueError("this is no origin")
        texts = [*classes, *(text for name, text in saved.items() if name != "classes")]
        if not all(isinstance(text, str) and text.isprintable() and len(text) < 100 for text in texts):
            raise ValueError("this is no origin")
        self.take(points, Origin(saved["title"], saved["x"], saved["y"], tuple(classes)))

    def take(self, points: PointList, origin: Origin) -> None:
        self.points, self.origin = points, origin

    def follow(self, points: PointList) -> Origin:
        """The origin of these points. They keep the names of those from before if at most one of them is new."""
        if points != self.points:
            before = self.origin
            edited = self.points and len(set(points) - set(self.points)) <= 1
            self.take(points, Origin("", before.x, before.y, before.classes) if edited else Origin())
        return self.origin


class BroughtSpots(Brought):
    """The same of points with classes."""


def brought(shape: Shape) -> Brought:
    """What the session got of this shape."""
    return state.of(BroughtSpots if shape is PLANE else Brought)


def origin_of(points: PointList, shape: Shape = LINE) -> Origin:
    """Where the points of a run came from, in the visitor's language."""
    if not points:
        return Origin()
    for example in shape.examples.values():
        if points == example.points:
            brought(shape).take(points, of_example(example))
    return brought(shape).follow(points)


def of_example(example: wb.Example) -> Origin:
    return Origin(_(example.title), _(example.x), _(example.y), example.classes)


def title_of_file(name: str) -> str:
    """The name of an uploaded file as short printable text."""
    text = " ".join("".join(char if char.isprintable() else " " for char in name[-1000:]).split())
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1] + "…"

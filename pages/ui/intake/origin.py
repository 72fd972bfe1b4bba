"""Where points came from: a title, and the names of their columns and classes, which no config carries.

A link with points carries the names of their columns and classes.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import wb_core as wb
from wb_core.base.fields import N_, Setting, check_fields, setting
from wb_core.base.points import MAX_IN_LINK, PointList
from wb_core.kinds.points.own import MAX_CLASSES

from ..i18n import _
from ..session import own_points, state
from ..widgets import fields
from .shape import LINE, PLANE, Shape

MAX_TITLE = 40


class ColumnName(Setting):
    """The name of a column in a link: up to `MAX_TITLE` characters of printable text, "" for none."""

    def check(self, name: str, given: Any) -> str:
        """`given` if it is such a text; else `ConfigError`."""
        if isinstance(given, str) and len(given) <= MAX_TITLE and given.isprintable():
            return given
        allowed = f"up to {MAX_TITLE} printable characters"
        raise wb.ConfigError("config.not_a_choice", field=name, given=str(given)[:60], allowed=allowed)


class ClassNames(ColumnName):
    """The names of classes in a link: `rose|tulip`, each such a text, "" for none."""

    def check(self, name: str, given: Any) -> str:
        """`given` if these are such names; else `ConfigError`."""
        found = given.split("|") if isinstance(given, str) and given else []
        for one in found if "" not in found and len(found) <= MAX_CLASSES else [None]:
            super().check(name, one)
        return str(given)


@dataclass(frozen=True, kw_only=True)
class NamesView:
    """The names of the columns of own points, as a link carries them. Raises `ConfigError` for other texts."""

    shape: ClassVar[Shape] = LINE

    x_name: str = setting("", ColumnName(N_("Name of X")))
    y_name: str = setting("", ColumnName(N_("Name of y")))

    def __post_init__(self) -> None:
        check_fields(self)

    @classmethod
    def of(cls, points: PointList) -> Self:
        """The names for a link that has room for these points."""
        origin = origin_of(points, cls.shape) if len(points) <= MAX_IN_LINK else Origin()
        return cls(**cls.read(origin))

    @classmethod
    def read(cls, origin: "Origin") -> dict[str, str]:
        """The names of an origin, by the fields of this class."""
        return {"x_name": origin.x[:MAX_TITLE], "y_name": origin.y[:MAX_TITLE]}

    @property
    def origin(self) -> "Origin":
        """An origin with these names."""
        return Origin("", self.x_name, self.y_name)


@dataclass(frozen=True, kw_only=True)
class SpotNamesView(NamesView):
    """The same of points with classes."""

    shape: ClassVar[Shape] = PLANE

    class_names: str = setting("", ClassNames(N_("Names of the classes")))

    @classmethod
    def read(cls, origin: "Origin") -> dict[str, str]:
        names = (name[:MAX_TITLE].replace("|", "/") for name in origin.classes)
        return {**super().read(origin), "class_names": "|".join(names)}

    @property
    def origin(self) -> "Origin":
        return replace(super().origin, classes=tuple(filter(None, self.class_names.split("|"))))


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

    def follow(self, points: PointList, names: NamesView = NamesView()) -> Origin:
        """The origin of these points: others have these names, but keep those of before if at most one point is new."""
        if points != self.points:
            before = self.origin
            edited = self.points and len(set(points) - set(self.points)) <= 1
            self.take(points, replace(before, title="") if edited else names.origin)
        return self.origin


class BroughtSpots(Brought):
    """The same of points with classes."""


def brought(shape: Shape) -> Brought:
    """What the session got of this shape."""
    return state.of(BroughtSpots if shape is PLANE else Brought)


def origin_of(points: PointList, shape: Shape = LINE) -> Origin:
    """Where the points of a run came from, in the visitor's language."""
    linked = _linked(SpotNamesView if shape is PLANE else NamesView)
    if not points:
        return Origin()
    for example in shape.examples.values():
        if points == example.points:
            brought(shape).take(points, of_example(example))
    return brought(shape).follow(points, linked)


def _linked(view: type[NamesView]) -> NamesView:
    """The names of a link, which are for its points alone."""
    linked = view(**fields.values(view))
    if linked != view():
        fields.fill(view())
    return linked


def of_example(example: wb.Example) -> Origin:
    return Origin(_(example.title), _(example.x), _(example.y), example.classes)


def title_of_file(name: str) -> str:
    """The name of an uploaded file as short printable text."""
    text = " ".join("".join(char if char.isprintable() else " " for char in name[-1000:]).split())
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1] + "…"

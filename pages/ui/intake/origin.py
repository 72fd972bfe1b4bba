"""Where points came from: a title and the names of their columns, which no config carries, but a link to them does."""

from dataclasses import dataclass
from typing import Any

import wb_core as wb
from wb_core.base.fields import N_, Setting, check_fields, setting
from wb_core.base.points import MAX_IN_LINK, PointList

from ..i18n import _
from ..session import own_points, state
from ..widgets import fields

MAX_TITLE = 40


class ColumnName(Setting):
    """The name of a column in a link: up to `MAX_TITLE` characters of printable text, "" for none."""

    def check(self, name: str, given: Any) -> str:
        """`given` if it is such a text; else `ConfigError`."""
        if isinstance(given, str) and len(given) <= MAX_TITLE and given.isprintable():
            return given
        allowed = f"up to {MAX_TITLE} printable characters"
        raise wb.ConfigError("config.not_a_choice", field=name, given=str(given)[:60], allowed=allowed)


@dataclass(frozen=True, kw_only=True)
class NamesView:
    """The names of the columns of own points, as a link carries them. Raises `ConfigError` for other texts."""

    x_name: str = setting("", ColumnName(N_("Name of X")))
    y_name: str = setting("", ColumnName(N_("Name of y")))

    def __post_init__(self) -> None:
        check_fields(self)

    @classmethod
    def of(cls, points: PointList) -> "NamesView":
        """The names for a link that has room for these points."""
        origin = origin_of(points) if len(points) <= MAX_IN_LINK else Origin()
        return cls(x_name=origin.x[:MAX_TITLE], y_name=origin.y[:MAX_TITLE])


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

    def follow(self, points: PointList, names: NamesView = NamesView()) -> Origin:
        """The origin of these points: others have these names, but keep those of before if at most one point is new."""
        if points != self.points:
            edited = self.points and len(set(points) - set(self.points)) <= 1
            x, y = (self.origin.x, self.origin.y) if edited else (names.x_name, names.y_name)
            self.take(points, Origin("", x, y))
        return self.origin


def origin_of(points: PointList) -> Origin:
    """Where the points of a run came from, in the visitor's language. The names of a link are for its points alone."""
    linked = NamesView(**fields.values(NamesView))
    if linked != NamesView():
        fields.fill(NamesView())
    if not points:
        return Origin()
    for example in wb.EXAMPLES.values():
        if points == example.points:
            state.of(Brought).take(points, of_example(example))
    return state.of(Brought).follow(points, linked)


def of_example(example: wb.Example) -> Origin:
    return Origin(_(example.title), _(example.x), _(example.y))


def title_of_file(name: str) -> str:
    """The name of an uploaded file as short printable text."""
    text = " ".join("".join(char if char.isprintable() else " " for char in name[-1000:]).split())
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1] + "…"

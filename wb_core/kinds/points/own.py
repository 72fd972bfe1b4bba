"""Points of a visitor's own, each with its class, as a setting."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from ...base.points import MAX_POINTS, NUMBER, OwnPoints, PointList, number_text

MAX_CLASSES = 4

SPOT = re.compile(rf"({NUMBER})x({NUMBER})c([0-{MAX_CLASSES - 1}])", re.ASCII)

Spot = tuple[float, float, int]
"""A point: its two coordinates, and its class."""


class SpotList(PointList):
    """Checked points (x1, x2, class)."""


@dataclass(frozen=True)
class OwnSpots(OwnPoints):
    """A setting that is a list of points (x1, x2, class), or () for none.

    The code of the error for a point that is none is "points.spot". The classes that occur must be at least two, and
    0, 1, ... without a gap; else it is "points.classes".
    """

    listed: ClassVar[type[PointList]] = SpotList
    least: ClassVar[int] = 4
    allowed: ClassVar[str] = f"4 to {MAX_POINTS:,} points (x1, x2, class), the classes 0, 1 and perhaps 2 and 3"
    code: ClassVar[str] = "points.spot"

    def one(self, name: str, place: int, given: Any) -> Spot:
        try:
            x1, x2, label = given
        except (TypeError, ValueError):
            raise self.refusal(self.code, name, given, place=place) from None
        x1, x2, label = (self.number(name, place, number) for number in (x1, x2, label))
        if label not in range(MAX_CLASSES):
            raise self.refusal(self.code, name, given, place=place)
        return x1, x2, int(label)

    def check_together(self, name: str, points: PointList) -> None:
        found = sorted({label for _, _, label in points})
        if len(found) < 2 or found != list(range(len(found))):
            raise self.refusal("points.classes", name, found)

    def read_one(self, text: str) -> Spot | None:
        spot = SPOT.fullmatch(text)
        return spot and (float(spot[1]), float(spot[2]), int(spot[3]))

    def text_of(self, point: tuple[Any, ...]) -> str:
        x1, x2, label = point
        return f"{number_text(x1)}x{number_text(x2)}c{label}"

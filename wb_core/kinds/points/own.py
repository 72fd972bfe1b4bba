"""Points of a visitor's own, each with its class, as a setting."""

import math
import numbers
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...base.errors import ConfigError
from ...base.fields import Setting
from ...base.points import LARGEST, MAX_IN_LINK, MAX_POINTS, NUMBER

MAX_CLASSES = 4

ALLOWED = f"4 to {MAX_POINTS:,} points (x1, x2, class) of 2 to {MAX_CLASSES} classes, numbered from 0"

SPOT = re.compile(rf"({NUMBER})x({NUMBER})c([0-{MAX_CLASSES - 1}])", re.ASCII)

Spot = tuple[float, float, int]
"""A point: its two coordinates, and its class."""


class SpotList(tuple[Spot, ...]):
    """Checked points (x1, x2, class). Configs are compared all the time, so its hash is computed only once."""

    def __hash__(self) -> int:
        if "known" not in self.__dict__:
            self.__dict__["known"] = super().__hash__()
        return int(self.__dict__["known"])

    def __reduce__(self) -> tuple[Any, ...]:
        return SpotList, (tuple(self),)

    def __str__(self) -> str:
        return f"{len(self):,}"


@dataclass(frozen=True)
class OwnSpots(Setting):
    """A setting that is a list of points with classes, or () for none."""

    def check(self, name: str, given: Any) -> SpotList:
        """`given` as points, if they are none or enough to learn from; else `ConfigError`.

        Its code is "spots.count", "spots.point" (with the `place` of the first one that is none) or "spots.classes",
        because the classes that occur must be at least two, and 0, 1, ... without a gap.
        """
        if isinstance(given, SpotList):
            return given
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise ConfigError("spots.point", field=name, given=repr(given)[:60], allowed=ALLOWED, place=0)
        some = tuple(given)
        if some and not 4 <= len(some) <= MAX_POINTS:
            raise ConfigError("spots.count", field=name, given=f"{len(some):,} points", allowed=ALLOWED)
        spots = SpotList(_spot(name, place, one) for place, one in enumerate(some))
        found = sorted({label for _, _, label in spots})
        if spots and (len(found) < 2 or found != list(range(len(found)))):
            raise ConfigError("spots.classes", field=name, given=found, allowed=ALLOWED)
        return spots

    def text(self, value: SpotList) -> str:
        """0.1x0.4c0p0.2x0.5c1, without characters that a link would have to escape; of too many, their number."""
        if len(value) > MAX_IN_LINK:
            return str(len(value))
        return "p".join(f"{_text(x1)}x{_text(x2)}c{label}" for x1, x2, label in value)

    def read(self, text: str) -> tuple[Spot, ...]:
        found = [SPOT.fullmatch(one) for one in text.split("p", MAX_IN_LINK)]
        if not all(found):
            raise ConfigError("spots.point", field=self.label, given=text[:60], allowed=ALLOWED, place=0)
        return tuple((float(one[1]), float(one[2]), int(one[3])) for one in found if one)

    def offers(self, value: SpotList) -> bool:
        return len(value) <= MAX_IN_LINK


def _spot(name: str, place: int, one: Any) -> Spot:
    try:
        x1, x2, label = one
        if all(isinstance(number, numbers.Real) and not isinstance(number, bool) for number in one):
            coordinates = float(x1), float(x2)
            if (
                all(map(math.isfinite, coordinates))
                and max(map(abs, coordinates)) <= LARGEST
                and label in range(MAX_CLASSES)
            ):
                return coordinates[0] + 0.0, coordinates[1] + 0.0, int(label)  # -0.0 is 0.0
    except (TypeError, ValueError, OverflowError):
        pass
    raise ConfigError("spots.point", field=name, given=repr(one)[:60], allowed=ALLOWED, place=place)


def _text(value: float) -> str:
    return repr(value).removesuffix(".0").replace("e+", "e")

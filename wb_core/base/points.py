"""Points of a visitor's own, as a setting: how many there may be, and how they read in a link."""

import hashlib
import math
import numbers
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .errors import ConfigError
from .fields import Setting, specs

MAX_POINTS = 10_000
"""A data set has at most this many points."""

MAX_IN_LINK = 100
"""A link carries at most this many points."""

LARGEST = 1e15
"""A number of a point is at most this far from 0."""

ALLOWED = f"2 to {MAX_POINTS:,} pairs (x, y) of numbers from {-LARGEST:.0e} to {LARGEST:.0e}, not all with the same x"

NUMBER = r"-?\d{1,25}(?:\.\d{1,25})?(?:e-?\d{1,3})?"
PAIR = re.compile(rf"({NUMBER})x({NUMBER})", re.ASCII)

Pair = tuple[float, float]


class PointList(tuple[Pair, ...]):
    """Checked points (x, y). Configs are compared and looked up all the time, so its hash is computed only once."""

    def __hash__(self) -> int:
        if "known" not in self.__dict__:
            self.__dict__["known"] = super().__hash__()
        return int(self.__dict__["known"])

    @property
    def name(self) -> str:
        """Which points these are: their number and a digest, 450-1f0c9a3be2."""
        if "name" not in self.__dict__:
            digest = hashlib.sha256(repr(tuple(self)).encode()).hexdigest()
            self.__dict__["name"] = f"{len(self)}-{digest[:10]}"
        return str(self.__dict__["name"])

    def __reduce__(self) -> tuple[Any, ...]:
        return PointList, (tuple(self),)

    def __str__(self) -> str:
        return f"{len(self):,}"


@dataclass(frozen=True)
class OwnPoints(Setting):
    """A setting that is a list of points, or () for none."""

    def check(self, name: str, given: Any) -> PointList:
        """`given` as points, if they are none or enough to learn from; else `ConfigError`.

        Its code is "points.count", "points.pair" (with the `place` of the first one that is none) or "points.same_x".
        """
        if isinstance(given, PointList):
            return given
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise ConfigError("points.pair", field=name, given=repr(given)[:60], allowed=ALLOWED, place=0)
        some = tuple(given)
        if some and not 2 <= len(some) <= MAX_POINTS:
            raise ConfigError("points.count", field=name, given=f"{len(some):,} points", allowed=ALLOWED)
        points = PointList(_pair(name, place, pair) for place, pair in enumerate(some))
        if points and len({x for x, _ in points}) == 1:
            raise ConfigError("points.same_x", field=name, given=points[0], allowed=ALLOWED)
        return points

    def text(self, value: PointList) -> str:
        """0.1x0.4p0.2x0.5, without characters that a link would have to escape; of too many points, their name."""
        if len(value) > MAX_IN_LINK:
            return value.name
        return "p".join(f"{_number_text(x)}x{_number_text(y)}" for x, y in value)

    def read(self, text: str) -> tuple[Pair, ...]:
        pairs = [PAIR.fullmatch(pair) for pair in text.split("p", MAX_IN_LINK)]
        if not all(pairs):
            raise ConfigError("points.pair", field=self.label, given=text[:60], allowed=ALLOWED, place=0)
        return tuple((float(pair[1]), float(pair[2])) for pair in pairs if pair)

    def offers(self, value: PointList) -> bool:
        return len(value) <= MAX_IN_LINK


def points_fields(config: Any) -> tuple[str, ...]:
    """The settings of a config, or of its class, that are points of one's own."""
    return tuple(name for name, spec in specs(config).items() if isinstance(spec, OwnPoints))


def _pair(name: str, place: int, pair: Any) -> Pair:
    try:
        x, y = pair
    except (TypeError, ValueError):
        raise ConfigError("points.pair", field=name, given=repr(pair)[:60], allowed=ALLOWED, place=place) from None
    return _number(name, place, x), _number(name, place, y)


def _number(name: str, place: int, value: Any) -> float:
    if not isinstance(value, bool) and isinstance(value, numbers.Real):
        try:
            number = float(value)
        except OverflowError:  # larger than any float
            number = math.inf
        if abs(number) <= LARGEST:
            return number + 0.0  # -0.0 is 0.0
    raise ConfigError("points.pair", field=name, given=repr(value)[:60], allowed=ALLOWED, place=place)


def _number_text(value: float) -> str:
    return repr(value).removesuffix(".0").replace("e+", "e")

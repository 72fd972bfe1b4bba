"""Points of a visitor's own, as a setting: how many there may be, and how they read in a link."""

import hashlib
import math
import numbers
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

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


class PointList(tuple[tuple[Any, ...], ...]):
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
        return type(self), (tuple(self),)

    def __str__(self) -> str:
        return f"{len(self):,}"


@dataclass(frozen=True)
class OwnPoints(Setting):
    """A setting that is a list of points (x, y), or () for none.

    A kind whose points have more than two numbers makes its own of it: another list, so that none is taken for the
    other, with its least number and what is allowed, and the three functions below.
    """

    listed: ClassVar[type[PointList]] = PointList
    least: ClassVar[int] = 2
    allowed: ClassVar[str] = ALLOWED
    code: ClassVar[str] = "points.pair"
    """Of the error for a point that is none."""

    def one(self, name: str, place: int, given: Any) -> tuple[Any, ...]:
        """`given` as the point at this place; else `ConfigError`."""
        try:
            x, y = given
        except (TypeError, ValueError):
            raise self.refusal(self.code, name, given, place=place) from None
        return self.number(name, place, x), self.number(name, place, y)

    def check_together(self, name: str, points: PointList) -> None:
        """Raise `ConfigError` for points from which nothing can be learned."""
        if len({x for x, _ in points}) == 1:
            raise self.refusal("points.same_x", name, points[0])

    def read_one(self, text: str) -> tuple[Any, ...] | None:
        """A point as `text` writes it; None for anything else."""
        pair = PAIR.fullmatch(text)
        return pair and (float(pair[1]), float(pair[2]))

    def text_of(self, point: tuple[Any, ...]) -> str:
        """How a point reads in a link: 0.1x0.4."""
        return "x".join(map(number_text, point))

    def check(self, name: str, given: Any) -> PointList:
        """`given` as points, if they are none or enough to learn from; else `ConfigError`.

        Its code is "points.count", `code` with the `place` of the first one that is none, or that of `check_together`.
        """
        if type(given) is self.listed:
            return given
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise self.refusal(self.code, name, given, place=0)
        some = tuple(given)
        if some and not self.least <= len(some) <= MAX_POINTS:
            raise self.refusal("points.count", name, f"{len(some):,} points")
        points = self.listed(self.one(name, place, one) for place, one in enumerate(some))
        if points:
            self.check_together(name, points)
        return points

    def text(self, value: PointList) -> str:
        """0.1x0.4p0.2x0.5, without characters that a link would have to escape; of too many points, their name."""
        return value.name if len(value) > MAX_IN_LINK else "p".join(map(self.text_of, value))

    def read(self, text: str) -> tuple[tuple[Any, ...], ...]:
        found = [self.read_one(one) for one in text.split("p", MAX_IN_LINK)]
        if None in found:
            raise self.refusal(self.code, self.label, text, place=0)
        return tuple(one for one in found if one is not None)

    def offers(self, value: PointList) -> bool:
        return len(value) <= MAX_IN_LINK

    def number(self, name: str, place: int, given: Any) -> float:
        """`given` as a number of the point at this place; else `ConfigError`."""
        if not isinstance(given, bool) and isinstance(given, numbers.Real):
            try:
                number = float(given)
            except OverflowError:  # larger than any float
                number = math.inf
            if abs(number) <= LARGEST:
                return number + 0.0  # -0.0 is 0.0
        raise self.refusal(self.code, name, given, place=place)

    def refusal(self, code: str, name: str, given: Any, **values: Any) -> ConfigError:
        """The error for what was `given` for the field `name`."""
        shown = given if isinstance(given, str) else repr(given)
        return ConfigError(code, field=name, given=shown[:60], allowed=self.allowed, **values)


def points_fields(config: Any) -> tuple[str, ...]:
    """The settings of a config, or of its class, that are points of one's own."""
    return tuple(name for name, spec in specs(config).items() if isinstance(spec, OwnPoints))


def number_text(value: float) -> str:
    """A number as a link has it."""
    return repr(value).removesuffix(".0").replace("e+", "e")

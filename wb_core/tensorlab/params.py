"""Parameters of operations: settings that can also write their values as code.

`check` accepts the values of a page and, as text, those of a link.
"""

import numbers
import re
from dataclasses import dataclass
from typing import Any

from ..base.errors import ConfigError
from ..base.fields import Choice, Setting
from .literal import FULL_WIDTH, Number, read_number

NAMES = ("A", "B", "C", "D")
"""The names of the tensors on the shelf."""

NOTHING = "n"
"""None in a link."""


def out_of_range(name: str, given: str, low: float, high: float) -> ConfigError:
    """The error for a number outside the bounds of a parameter."""
    bounds = {"low": f"{low:,.15g}", "high": f"{high:,.15g}"}
    allowed = "{low} to {high}".format(**bounds)
    return ConfigError("lab.out_of_range", field=name, given=given[:60], allowed=allowed, **bounds)


def in_a_link(number: Number) -> str:
    """A number as text without the plus sign of 1e+20, which would mean a space in a link."""
    return repr(number).replace("e+", "e")


@dataclass(frozen=True, kw_only=True)
class Param(Setting):
    """A parameter of an operation: a setting with a default, which can write its values as code."""

    default: Any

    def code(self, value: Any) -> str:
        """The value as Python code."""
        return repr(value)

    def text(self, value: Any) -> str:
        """The value in a link: letters, digits, dots and minus signs."""
        return NOTHING if value is None else str(value)

    def read(self, text: str) -> Any:
        return None if text == NOTHING else text


@dataclass(frozen=True, kw_only=True)
class Source(Param):
    """The name of a tensor on the shelf."""

    default: str = "A"

    def check(self, name: str, given: Any) -> str:
        if given not in NAMES:
            raise ConfigError(
                "lab.no_such_name", field=name, given=str(given)[:60], allowed=f"one of {', '.join(NAMES)}"
            )
        chosen: str = given
        return chosen

    def code(self, value: str) -> str:
        return value


@dataclass(frozen=True, kw_only=True)
class Sources(Param):
    """The names of several tensors on the shelf, without duplicates, in order."""

    default: tuple[str, ...] = ("A", "B")

    def check(self, name: str, given: Any) -> tuple[str, ...]:
        chosen = tuple(given or ())[:8]
        if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= set(NAMES):
            raise ConfigError("lab.no_names", field=name, given=str(given)[:60], allowed=f"some of {', '.join(NAMES)}")
        return chosen

    def code(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)

    def text(self, value: tuple[str, ...]) -> str:
        return "".join(value)


@dataclass(frozen=True, kw_only=True)
class Whole(Param):
    """A whole number from `low` to `high`, or None if `optional`."""

    low: int
    high: int
    optional: bool = False

    def check(self, name: str, given: Any) -> int | None:
        if given is None and self.optional:
            return None
        allowed = f"a whole number from {self.low} to {self.high}"
        if isinstance(given, str):
            given = given.translate(FULL_WIDTH).strip()
            if not re.fullmatch(r"[+-]?\d{1,19}", given, re.ASCII):
                raise ConfigError("lab.not_whole", field=name, given=given[:60], allowed=allowed)
            given = int(given)
        if isinstance(given, bool) or not isinstance(given, numbers.Integral):
            raise ConfigError("lab.not_whole", field=name, given=str(given)[:60], allowed=allowed)
        if not self.low <= int(given) <= self.high:
            raise out_of_range(name, str(given), self.low, self.high)
        return int(given)


@dataclass(frozen=True, kw_only=True)
class Dim(Whole):
    """A dimension, counted from 0, or from the end with negative numbers."""

    low: int = -7
    high: int = 6
    none: str = ""  # the label of None


@dataclass(frozen=True, kw_only=True)
class Scalar(Param):
    """An int or float, kept as typed because PyTorch distinguishes 10 and 10.0."""

    most: float = 1e15

    def check(self, name: str, given: Any) -> Number:
        value = read_number(given, name) if isinstance(given, str) else given
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise ConfigError("list.number", field=name, given=str(given)[:60], allowed="a number")
        if abs(value) > self.most:
            raise out_of_range(name, str(given), -self.most, self.most)
        return value

    def text(self, value: Number) -> str:
        return in_a_link(value)


@dataclass(frozen=True, kw_only=True)
class Pick(Param, Choice):
    """One of a few ids; `options` has the label and the code of each."""

    def code(self, value: str) -> str:
        return self.options[value][1]


@dataclass(frozen=True, kw_only=True)
class Flag(Param):
    """Yes or no."""

    default: bool = False

    def check(self, name: str, given: Any) -> bool:
        if not isinstance(given, bool):
            raise ConfigError("config.not_a_choice", field=name, given=str(given)[:60], allowed="True or False")
        return given

    def text(self, value: bool) -> str:
        return "y" if value else NOTHING

    def read(self, text: str) -> Any:
        return {"y": True, NOTHING: False}.get(text, text)

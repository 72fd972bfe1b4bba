"""What an operation can be told. Each kind of parameter knows its bounds, how its value reads in code and in a link.

The words are English message ids for the pages to translate. `check` takes what a page or a link has (also as text) and
gives a value that cannot change; else it raises `ConfigError`.
"""

import math
import numbers
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ConfigError
from .limits import MOST_DIMS
from .literal import Number, flat, nested, read_list, read_number, shape_of, write_list

NAMES = ("A", "B", "C", "D")
"""The places on the shelf."""

MOST_NUMBERS = 4000
"""So many numbers can be written into a list."""

MOST_LETTERS = 100
"""So much of a part of an index is read."""

NOTHING = "n"
"""How None reads in a link."""


def out_of_range(name: str, given: str, low: float, high: float) -> ConfigError:
    """A number that is too small or too large for a parameter."""
    bounds = {"low": f"{low:,.15g}", "high": f"{high:,.15g}"}
    allowed = "{low} to {high}".format(**bounds)
    return ConfigError("lab.out_of_range", field=name, given=given[:60], allowed=allowed, **bounds)


def in_a_link(number: Number) -> str:
    """A number without the plus sign of 1e+20, which means a space in a link."""
    return repr(number).replace("e+", "e")


@dataclass(frozen=True, kw_only=True)
class Param:
    """A parameter: its words, its first value, and `when` it has a meaning, as (another parameter, its value)."""

    label: str
    help: str
    default: Any
    when: tuple[str, Any] | None = None

    def check(self, name: str, given: Any) -> Any:
        raise NotImplementedError

    def code(self, value: Any) -> str:
        """How the value reads in a line of Python."""
        return repr(value)

    def text(self, value: Any) -> str:
        """How the value reads in a link: letters, digits, dots and minus signs."""
        return NOTHING if value is None else str(value)

    def read(self, text: str) -> Any:
        """What `check` is asked for a text out of a link."""
        return None if text == NOTHING else text


@dataclass(frozen=True, kw_only=True)
class Source(Param):
    """A tensor on the shelf, by its name."""

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
    """Some tensors on the shelf, each at most once, in order."""

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
    """A whole number from `low` to `high`; None too where it is `optional`."""

    low: int
    high: int
    optional: bool = False

    def check(self, name: str, given: Any) -> int | None:
        if given is None and self.optional:
            return None
        allowed = f"a whole number from {self.low} to {self.high}"
        if isinstance(given, str):
            if not re.fullmatch(r"[+-]?\d{1,19}", given.strip(), re.ASCII):
                raise ConfigError("lab.not_whole", field=name, given=given[:60], allowed=allowed)
            given = int(given)
        if isinstance(given, bool) or not isinstance(given, numbers.Integral):
            raise ConfigError("lab.not_whole", field=name, given=str(given)[:60], allowed=allowed)
        if not self.low <= int(given) <= self.high:
            raise out_of_range(name, str(given), self.low, self.high)
        return int(given)


@dataclass(frozen=True, kw_only=True)
class Dim(Whole):
    """A dimension: counted from 0, or with -1 from the end."""

    low: int = -7
    high: int = 6
    none: str = ""  # what None means, where it is optional


@dataclass(frozen=True, kw_only=True)
class Scalar(Param):
    """A number, whole or not, as it was typed: 10 and 10.0 are two things for PyTorch."""

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
class Pick(Param):
    """One of a few ids; `options` has the words of each and how it reads in code."""

    options: Mapping[str, tuple[str, str]]

    def check(self, name: str, given: Any) -> str:
        if not isinstance(given, str) or given not in self.options:
            raise ConfigError("lab.not_a_choice", field=name, given=str(given)[:60], allowed=", ".join(self.options))
        return given

    def code(self, value: str) -> str:
        return self.options[value][1]


@dataclass(frozen=True, kw_only=True)
class Flag(Param):
    """Yes or no."""

    default: bool = False

    def check(self, name: str, given: Any) -> bool:
        if not isinstance(given, bool):
            raise ConfigError("lab.not_a_choice", field=name, given=str(given)[:60], allowed="True or False")
        return given

    def text(self, value: bool) -> str:
        return "y" if value else NOTHING

    def read(self, text: str) -> Any:
        return {"y": True, NOTHING: False}.get(text, text)


@dataclass(frozen=True, kw_only=True)
class Sizes(Param):
    """Some whole numbers: a shape, or the order of dimensions. As text they stand with commas between: 3, 4."""

    default: tuple[int, ...] = (3, 4)
    most: int = 24  # of them; how many make sense is for the operation to say

    def check(self, name: str, given: Any) -> tuple[int, ...]:
        if isinstance(given, str):
            given = self._parse(name, given)
        whole = isinstance(given, tuple | list) and all(isinstance(n, int) and not isinstance(n, bool) for n in given)
        if not whole or len(given) > self.most:
            raise ConfigError("lab.not_sizes", field=name, given=str(given)[:60], allowed="whole numbers: 3, 4")
        return tuple(given)

    def _parse(self, name: str, text: str) -> tuple[int, ...]:
        bare = text.strip().strip("()[]").strip().removesuffix(",").strip()
        parts = re.split(r"\s*[,x×\s]\s*", bare) if bare else []
        if len(text) > 400 or not all(re.fullmatch(r"[+-]?\d{1,80}", part, re.ASCII) for part in parts):
            raise ConfigError("lab.not_sizes", field=name, given=text[:60], allowed="whole numbers: 3, 4")
        return tuple(int(part) for part in parts)

    def code(self, value: tuple[int, ...]) -> str:
        return repr(value)

    def text(self, value: tuple[int, ...]) -> str:
        return "x".join(map(str, value)) or "s"

    def read(self, text: str) -> Any:
        return "" if text == "s" else text.replace("x", ",")


@dataclass(frozen=True, kw_only=True)
class Values(Param):
    """Numbers in a nested list, as it was typed."""

    default: Any = ((1, 2, 3), (4, 5, 6))

    def check(self, name: str, given: Any) -> Any:
        if isinstance(given, str):
            return read_list(given, name)
        sound = len(flat(given)) <= MOST_NUMBERS and all(isinstance(number, int | float) for number in flat(given))
        if not sound:
            raise ConfigError("list.too_long", field=name, given="", allowed=f"at most {MOST_NUMBERS} numbers")
        return given

    def code(self, value: Any) -> str:
        return write_list(value)

    def text(self, value: Any) -> str:
        shape = shape_of(value)
        if shape is None or 0 in shape:
            return write_list(value).replace(" ", "")
        words = {True: "t", False: "f"}
        written = (words[number] if isinstance(number, bool) else in_a_link(number) for number in flat(value))
        return "v".join(["x".join(map(str, shape)) or "s", *written])

    def read(self, text: str) -> Any:
        head, *rest = text.split("v")
        if not rest:
            return text
        sizes = head.split("x") if head != "s" else []
        sound = len(sizes) <= MOST_DIMS and all(re.fullmatch(r"\d{1,4}", size, re.ASCII) for size in sizes)
        shape = tuple(map(int, sizes)) if sound else (0,)
        if math.prod(shape) != len(rest):
            raise ConfigError("list.brackets", field="values", given=text[:60], allowed="a list of numbers")
        words = {"t": True, "f": False}
        return nested([words[part] if part in words else read_number(part) for part in rest], shape)


Part = int | tuple[int | None, int | None, int | None]
ALL: Part = (None, None, None)


@dataclass(frozen=True, kw_only=True)
class Index(Param):
    """What to take of each dimension: a number, or a range as (start, stop, step) in which None means to the end."""

    default: tuple[Part, ...] = (0, ALL)

    def check(self, name: str, given: Any) -> tuple[Part, ...]:
        parts = given.split(",") if isinstance(given, str) else given
        if not isinstance(parts, tuple | list) or not 1 <= len(parts) <= 8:
            raise self._refusal(name, given)
        return tuple(self._part(name, part) for part in parts)

    def _part(self, name: str, part: Any) -> Part:
        if isinstance(part, str):
            pieces = [piece.strip() for piece in part.split(":", 3)]
            if (
                len(part) > MOST_LETTERS
                or len(pieces) > 3
                or not all(re.fullmatch(r"([+-]?\d{1,15})?", piece, re.ASCII) for piece in pieces)
            ):
                raise self._refusal(name, part)
            found = [int(piece) if piece else None for piece in pieces]
            part = found[0] if len(found) == 1 else tuple(found + [None] * (3 - len(found)))
        if isinstance(part, list):
            part = tuple(part)
        whole = isinstance(part, int) and not isinstance(part, bool)
        if not whole and not (
            isinstance(part, tuple) and len(part) == 3 and all(n is None or type(n) is int for n in part)
        ):
            raise self._refusal(name, part)
        checked: Part = part
        return checked

    @staticmethod
    def _refusal(name: str, given: Any) -> ConfigError:
        return ConfigError("lab.not_an_index", field=name, given=str(given)[:60], allowed="a number, : or a range: 0:2")

    def code(self, value: tuple[Part, ...]) -> str:
        return ", ".join(part_code(part) for part in value)

    def text(self, value: tuple[Part, ...]) -> str:
        return "x".join(part_code(part).replace(":", "to") for part in value)

    def read(self, text: str) -> Any:
        return text.replace("to", ":").replace("x", ",")


def part_code(part: Part) -> str:
    """One dimension's part of an index as Python writes it: 1, :, 0:2, ::2."""
    if isinstance(part, int):
        return str(part)
    start, stop, step = ("" if number is None else str(number) for number in part)
    return f"{start}:{stop}" + (f":{step}" if step else "")

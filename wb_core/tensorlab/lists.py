"""List parameters: the sizes of a shape and the numbers of a tensor."""

import math
import re
from dataclasses import dataclass
from typing import Any

from ..base.errors import ConfigError
from .limits import MAX_DIMS
from .literal import FULL_WIDTH, flat, nested, read_list, read_number, shape_of, write_list
from .params import Param, in_a_link

MAX_NUMBERS = 4000
"""A list has at most this many numbers."""


@dataclass(frozen=True, kw_only=True)
class Sizes(Param):
    """Whole numbers, such as a shape or an order of dimensions. As text: 3, 4."""

    default: tuple[int, ...] = (3, 4)
    most: int = 24  # numbers; the operation itself may allow fewer

    def check(self, name: str, given: Any) -> tuple[int, ...]:
        if isinstance(given, str):
            given = self._parse(name, given)
        whole = isinstance(given, tuple | list) and all(isinstance(n, int) and not isinstance(n, bool) for n in given)
        if not whole or len(given) > self.most:
            raise ConfigError("lab.not_sizes", field=name, given=str(given)[:60], allowed="whole numbers: 3, 4")
        return tuple(given)

    def _parse(self, name: str, text: str) -> tuple[int, ...]:
        bare = text.translate(FULL_WIDTH).strip().strip("()[]").strip().removesuffix(",").strip()
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
    """A nested list of numbers, kept as it was typed."""

    default: Any = ((1, 2, 3), (4, 5, 6))

    def check(self, name: str, given: Any) -> Any:
        if isinstance(given, str):
            return read_list(given, name)
        sound = len(flat(given)) <= MAX_NUMBERS and all(isinstance(number, int | float) for number in flat(given))
        if not sound:
            raise ConfigError("list.too_long", field=name, given="", allowed=f"at most {MAX_NUMBERS} numbers")
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
        sound = len(sizes) <= MAX_DIMS and all(re.fullmatch(r"\d{1,4}", size, re.ASCII) for size in sizes)
        shape = tuple(map(int, sizes)) if sound else (0,)
        if math.prod(shape) != len(rest):
            raise ConfigError("list.brackets", field="values", given=text[:60], allowed="a list of numbers")
        words = {"t": True, "f": False}
        return nested([words[part] if part in words else read_number(part) for part in rest], shape)

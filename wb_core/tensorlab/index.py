"""The index parameter: a number or a range for each dimension."""

import re
from dataclasses import dataclass
from typing import Any

from ..base.errors import ConfigError
from .literal import FULL_WIDTH
from .params import Param

MAX_LETTERS = 100
"""The part of an index for one dimension has at most this many characters."""

OTHER = re.compile(r"\.\.\.|[\[\]<>=~]")
"""What PyTorch knows besides numbers and ranges: `...`, lists of positions, conditions."""

Part = int | tuple[int | None, int | None, int | None]
ALL: Part = (None, None, None)


@dataclass(frozen=True, kw_only=True)
class Index(Param):
    """An index: for each dimension a number or a range (start, stop, step), with None as in a Python slice."""

    default: tuple[Part, ...] = (0, ALL)

    def check(self, name: str, given: Any) -> tuple[Part, ...]:
        parts = given.split(",") if isinstance(given, str) else given
        if not isinstance(parts, tuple | list) or not 1 <= len(parts) <= 8:
            raise self._refusal(name, given)
        return tuple(self._part(name, part) for part in parts)

    def _part(self, name: str, part: Any) -> Part:
        if isinstance(part, str):
            part = part.translate(FULL_WIDTH)
            if OTHER.search(part):
                raise self._refusal(name, part, "lab.other_index")
            pieces = [piece.strip() for piece in part.split(":", 3)]
            if (
                len(part) > MAX_LETTERS
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
    def _refusal(name: str, given: Any, code: str = "lab.not_an_index") -> ConfigError:
        return ConfigError(code, field=name, given=str(given)[:60], allowed="a number, : or a range: 0:2")

    def code(self, value: tuple[Part, ...]) -> str:
        return ", ".join(part_code(part) for part in value)

    def text(self, value: tuple[Part, ...]) -> str:
        return "x".join(part_code(part).replace(":", "to") for part in value)

    def read(self, text: str) -> Any:
        return text.replace("to", ":").replace("x", ",")


def part_code(part: Part) -> str:
    """The index of one dimension in Python syntax: 1, :, 0:2, ::2."""
    if isinstance(part, int):
        return str(part)
    start, stop, step = ("" if number is None else str(number) for number in part)
    return f"{start}:{stop}" + (f":{step}" if step else "")

"""The line that a training starts with, as a text: "0.5,-1.2" is weight 0.5 and bias -1.2, "" a random line.

A text, so that links, files and kept runs carry it like any other setting.
"""

import re
from typing import Any

from ...base.errors import ConfigError
from ...base.fields import NUMBER, Setting

FARTHEST = 1e4
"""The largest weight or bias to start with."""


class InitText(Setting):
    """A setting that is such a text."""

    def check(self, name: str, given: Any) -> str:
        """`given` with its numbers as Python writes them; else `ConfigError`."""
        if not isinstance(given, str):
            raise ConfigError("config.not_a_text", field=name, given=given, allowed="a text")
        line = read(given, name)
        return "" if line is None else write(**line)

    def text(self, value: str) -> str:
        """Without a character that a link would have to escape: 0.5--1.2."""
        return value.replace(",", "-")

    def read(self, text: str) -> str:
        found = re.fullmatch(f"({NUMBER})-({NUMBER})", text, re.ASCII)
        return ",".join(found.groups()) if found else text


def read(text: str, field: str = "init") -> dict[str, float] | None:
    """The weight and bias in the text; None for a random start. Raises `ConfigError` ("config.init")."""
    if not text:
        return None
    found = re.fullmatch(f"({NUMBER}),({NUMBER})", text, re.ASCII)
    weight, bias = map(float, found.groups()) if found else (float("inf"), 0.0)
    if max(abs(weight), abs(bias)) > FARTHEST:
        allowed = f"a weight and a bias up to {FARTHEST:.10g}, such as 0.5,-1.2"
        raise ConfigError("config.init", field=field, given=text[:60], allowed=allowed)
    return {"weight": weight, "bias": bias}


def write(weight: float, bias: float) -> str:
    """The text for such a start."""
    return ",".join(repr(float(value)).removesuffix(".0") for value in (weight, bias))

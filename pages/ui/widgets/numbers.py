"""Formats numbers in sentences as the player does."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

PREFIXES = ("", "k", "M", "G", "T", "P")

MAX_DIGITS = 9  # enough to distinguish any two float32 numbers


def number(value: float, digits: int = 4) -> str:
    """A number of constant width: 0.4811, 12.30; as the axes write it from 100,000 on: 12.30M, up to 999.9T.

    Beyond that, and if it is small, it has three digits in scientific notation: 1.23e-7.
    """
    if not 1e5 <= abs(value) < 1e15:
        return _scientific(value, digits)
    short = float(f"{value:.{digits}g}")
    places = math.floor(math.log10(abs(short)))
    return f"{short / 10.0 ** (places // 3 * 3):.{max(0, digits - 1 - places % 3)}f}" + PREFIXES[places // 3]


def _scientific(value: float, digits: int) -> str:
    size = abs(value)
    if size == 0:
        return "0.0000"
    if not math.isfinite(value) or size >= 1e5 or size < 10.0**-digits:
        return re.sub(r"e([+-])0", r"e\1", f"{value:.{max(2, digits - 2)}e}")
    places = max(0, digits - max(0, math.floor(math.log10(size)) + 1))
    return f"{Decimal(float(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def close_up(value: float, digits: int = 4) -> str:
    """A number in the microscope: scientific if it is large, with two more decimals below 0.01: 0.008903."""
    return _scientific(value, digits + 2 if abs(value) < 0.01 else digits)


def digits_apart(before: float, after: float) -> int:
    """The digits that two different numbers need to look different in the microscope, from 4 to `MAX_DIGITS`."""
    for digits in range(4, MAX_DIGITS):
        if before == after or close_up(before, digits) != close_up(after, digits):
            return digits
    return MAX_DIGITS

"""Numbers in sentences, written as the player writes them."""

import math
import re

MOST_DIGITS = 9  # as many as tell any two float32 apart


def number(value: float, digits: int = 4) -> str:
    """So many digits, as wide as its neighbours: 0.4811, 12.30; three where it takes a power of ten: 1.23e+7."""
    size = abs(value)
    if size == 0:
        return f"{0:.{digits}f}"
    if not math.isfinite(value) or size >= 1e5 or size < 10.0**-digits:
        return re.sub(r"e([+-])0", r"e\1", f"{value:.{max(2, digits - 2)}e}")
    return f"{value:.{max(0, digits - max(0, math.floor(math.log10(size)) + 1))}f}"


def digits_apart(before: float, after: float) -> int:
    """How many digits two numbers take to look different, at least 4."""
    for digits in range(4, MOST_DIGITS):
        if before == after or number(before, digits) != number(after, digits):
            return digits
    return MOST_DIGITS

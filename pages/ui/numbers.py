"""Numbers in sentences, written as the player writes them."""

import math
import re


def number(value: float) -> str:
    """Four digits, as wide as its neighbours: 0.4811, 12.30; three where it takes a power of ten: 1.23e+7."""
    size = abs(value)
    if size == 0:
        return "0.0000"
    if size >= 1e5 or size < 1e-4:
        return re.sub(r"e([+-])0", r"e\1", f"{value:.2e}")
    return f"{value:.{max(0, 4 - max(0, math.floor(math.log10(size)) + 1))}f}"

"""Numbers as the player writes them, so that a table and a chart never differ."""

import math


def number(value: float) -> str:
    """Four significant digits, as wide as their neighbours: 0.4811, 12.30, 1.23e+07."""
    size = abs(value)
    if size == 0:
        return "0.0000"
    if size >= 1e5 or size < 1e-4:
        return f"{value:.2e}"
    return f"{value:.{max(0, 4 - max(0, math.floor(math.log10(size)) + 1))}f}"

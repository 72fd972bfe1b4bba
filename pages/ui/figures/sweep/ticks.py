"""Where an axis of numbers in equal steps, or equal ratios, has its ticks: at round numbers."""

import math
from collections.abc import Sequence

import numpy as np

ROUND = (1, 2, 2.5, 5, 10)


def round_ticks(values: Sequence[float], *, log: bool, most: int) -> tuple[list[float], list[str]]:
    """The places of at most `most` round numbers among rising `values`, counted from 0 for the first, and their texts.

    A place can lie between two values: 0.75 is three quarters of the way from the first to the second one.
    """
    low, high = float(values[0]), float(values[-1])
    ticks = _powers(low, high, most) if log else _multiples(low, high, most)
    if len(ticks) < 2:
        ticks = [low, high]
    scale = np.log10 if log else np.asarray
    places = np.interp(scale(ticks), scale(np.asarray(values, dtype=float)), np.arange(len(values)))
    return places.tolist(), [f"{tick:.6g}" for tick in ticks]


def _powers(low: float, high: float, most: int) -> list[float]:
    """Powers of ten, or where there are few of them also their doubles and halves."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1,)):
        ticks = [float(f"{step}e{power}") for power in powers for step in steps]
        ticks = [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
        if len(ticks) <= most:
            return ticks
    return ticks[:: math.ceil(len(ticks) / most)]


def _multiples(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2, 2.5 or 5 times a power of ten."""
    rough = (high - low) / max(1, most - 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in ROUND if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) + 0.0 for number in range(first, last + 1)]

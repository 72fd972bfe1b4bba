"""The layout that all sweep figures share, the selected run, and ticks at round numbers."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

HEIGHT = 430


def apply_layout(figure: go.Figure) -> go.Figure:
    """Give the figure its size; a click selects the nearest point, at any distance."""
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        font_size=12,
        showlegend=False,
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        hoverdistance=-1,
    )
    return figure


def select_run(figure: go.Figure, run: int | None, again: int) -> None:
    """Select the cell of this run alone, in place; another value of `again` makes the browser apply it again."""
    for trace in figure.data:
        if trace.customdata is not None:
            runs = np.asarray(trace.customdata)[:, 0]
            trace.selectedpoints = np.flatnonzero(runs == run).tolist() or None
    figure.layout.meta = again


ROUND_STEPS = (1, 2, 2.5, 5, 10)


def round_ticks(values: Sequence[float], *, log: bool, most: int) -> tuple[list[float], list[str]]:
    """At most `most` round numbers among rising `values`: their positions, 0 for the first value, and their texts.

    A position may lie between two values: 0.75 is three quarters of the way from the first to the second.
    """
    low, high = float(values[0]), float(values[-1])
    ticks = _powers(low, high, most) if log else _multiples(low, high, most)
    if len(ticks) < 2:
        ticks = [low, high]
    scale = np.log10 if log else np.asarray
    places = np.interp(scale(ticks), scale(np.asarray(values, dtype=float)), np.arange(len(values)))
    return places.tolist(), [f"{tick:.6g}" for tick in ticks]


def _powers(low: float, high: float, most: int) -> list[float]:
    """Powers of ten; where they are few, also 2 and 5 times them."""
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
    step = next(factor * power for factor in ROUND_STEPS if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) + 0.0 for number in range(first, last + 1)]

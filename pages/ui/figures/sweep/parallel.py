"""All axes at once: every run as a line across them, coloured by its measure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from .. import palette
from .grid import Axis, Measure
from .layout import HEIGHT

MAX_LINES = 600
"""More lines show no more."""

BEST_SHARE = 0.1
"""The share of the lines that have colours at first; the others are faint."""


def parallel_rows(frame: pd.DataFrame, measure: Measure, outcome_column: str) -> pd.DataFrame:
    """The rows of a sweep's table to draw: runs with a finite number that did not explode.

    Of more than `MAX_LINES`, the best quarter of `MAX_LINES` and an even spread of the others.
    """
    valid = frame[np.isfinite(frame[measure.column]) & (frame[outcome_column] != "exploding")]
    if len(valid) <= MAX_LINES:
        return valid
    ranked = valid.sort_values(measure.column, ascending=not measure.percent, kind="stable")
    best, others = ranked.index[: MAX_LINES // 4], ranked.index[MAX_LINES // 4 :].sort_values()
    spread = np.linspace(0, len(others) - 1, MAX_LINES - len(best)).astype(int)
    return valid.loc[sorted([*best, *others[spread]])]


def parallel_figure(lines: pd.DataFrame, axes: Sequence[Axis], measure: Measure) -> go.Figure:
    """A line for each of these runs. At first only the best are in colour: those in a range that users can drag."""
    colour = measure.scaled(lines[measure.column].to_numpy(dtype=float))
    dimensions = []
    for axis in axes:
        # Values by their index: a parallel axis of Plotly is neither categorical nor logarithmic.
        places = {value: place for place, value in enumerate(axis.values)}
        places_and_texts: tuple[list[float], list[str]] = (list(range(len(axis))), list(axis.value_texts))
        if len(axis) > 8 and not axis.is_choice:
            places_and_texts = axis.ticks(6)
        at = [places[value] for value in lines[axis.name]]
        dimensions.append(
            {"label": axis.label, "values": at, "tickvals": places_and_texts[0], "ticktext": places_and_texts[1]}
        )
    ends = (float(colour.min()), float(colour.max())) if len(colour) else (0.0, 1.0)
    room = max(0.01 * (ends[1] - ends[0]), 1e-6)  # so that the range of the best contains its ends
    number = {"label": measure.title, "values": colour, "range": [ends[0] - room, ends[1] + room]}
    if len(colour) > 1:
        number["constraintrange"] = best_range(colour, room, measure)
    ticks_of_number = measure.ticks(*number["range"])
    if "ticktext" in ticks_of_number:
        ticks = dict(zip(ticks_of_number["tickvals"], ticks_of_number["ticktext"], strict=True))
        # Plotly widens a range to ticks, so its ends are ticks, too, with one close beyond each. It knows ticks by
        # their texts, so those without one differ in their number of zero-width spaces.
        low, high = number.get("constraintrange", number["range"])
        for count, place in enumerate((low - room / 4, low, high, high + room / 4), start=1):
            ticks.setdefault(place, "\u200b" * count)
        ticks_of_number = {"tickvals": sorted(ticks), "ticktext": [ticks[place] for place in sorted(ticks)]}
    dimensions.append({**number, **ticks_of_number})
    style = {"color": colour, "colorscale": palette.SURFACE, "reversescale": measure.percent, "showscale": False}
    if "constraintrange" in number:
        style |= dict(zip(("cmin", "cmax"), number["constraintrange"], strict=True))
    figure = go.Figure(
        go.Parcoords(
            dimensions=dimensions,
            line=style,
            unselected={"line": {"color": palette.NEUTRAL, "opacity": 0.12}},
            labelfont_size=13,
            tickfont_size=13,
        )
    )
    figure.update_layout(height=HEIGHT, margin={"l": 60, "r": 60, "t": 60, "b": 30})
    return figure


def best_range(numbers: np.ndarray, room: float, measure: Measure) -> list[float]:
    """From the best of these `Measure.scaled` numbers to that at the end of the best tenth, with half this room."""
    best, last = (numbers.max(), 1 - BEST_SHARE) if measure.percent else (numbers.min(), BEST_SHARE)
    low, high = sorted((float(best), float(np.quantile(numbers, last))))
    return [low - room / 2, high + room / 2]

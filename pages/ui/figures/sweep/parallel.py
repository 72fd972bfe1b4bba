"""All axes at once: every run as a line across them, coloured by its measure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from .. import palette
from .dress import HEIGHT
from .grid import Axis, Measure
from .ticks import round_ticks

MOST_LINES = 2000
"""More lines than that, a browser draws slowly, and nobody sees more in them."""


def lines_of(frame: pd.DataFrame, measure: Measure, became: str) -> pd.DataFrame:
    """The runs of a sweep's table that become lines: those that ended with a number and did not explode.

    Of too many, the best quarter of `MOST_LINES`, and of the others as many as have room, evenly spread over the table.
    """
    calm = frame[np.isfinite(frame[measure.column]) & (frame[became] != "exploding")]
    if len(calm) <= MOST_LINES:
        return calm
    ranked = calm.sort_values(measure.column, ascending=not measure.percent, kind="stable")
    best, others = ranked.index[: MOST_LINES // 4], ranked.index[MOST_LINES // 4 :].sort_values()
    spread = np.linspace(0, len(others) - 1, MOST_LINES - len(best)).astype(int)
    return calm.loc[sorted([*best, *others[spread]])]


def lines_figure(lines: pd.DataFrame, axes: Sequence[Axis], measure: Measure) -> go.Figure:
    """A line for each of these runs."""
    colour = measure.scaled(lines[measure.column].to_numpy(dtype=float))
    dimensions = []
    for axis in axes:
        # By their place, as Plotly has no axis of words here and none in powers of ten.
        places = {value: place for place, value in enumerate(axis.values)}
        ticks: tuple[list[float], list[str]] = (list(range(len(axis))), list(axis.words))
        if len(axis) > 8 and not axis.is_choice:
            ticks = round_ticks(axis.values, log=axis.log, most=6)
        at = [places[value] for value in lines[axis.name]]
        dimensions.append({"label": axis.label, "values": at, "tickvals": ticks[0], "ticktext": ticks[1]})
    ends = (float(colour.min()), float(colour.max())) if len(colour) else (0.0, 1.0)
    number = {"label": measure.title, "values": colour, "range": [ends[0], max(ends[1], ends[0] + 1e-6)]}
    ticks_of_number = measure.ticks(*number["range"])
    if "ticktext" in ticks_of_number:  # Plotly writes no small figures here
        ticks_of_number["ticktext"] = [f"{10.0**place:.2g}" for place in ticks_of_number["tickvals"]]
    dimensions.append({**number, **ticks_of_number})
    style = {"color": colour, "colorscale": palette.SURFACE, "reversescale": measure.percent, "showscale": False}
    figure = go.Figure(go.Parcoords(dimensions=dimensions, line=style, labelfont_size=13, tickfont_size=13))
    figure.update_layout(height=HEIGHT, margin={"l": 60, "r": 60, "t": 60, "b": 30})
    return figure

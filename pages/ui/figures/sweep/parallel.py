"""All axes at once: every run as a line across them, coloured by its measure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from .. import palette
from .dress import HEIGHT
from .grid import Axis, Measure


def lines_figure(frame: pd.DataFrame, axes: Sequence[Axis], measure: Measure) -> go.Figure:
    """A line for each run of a sweep's table that ended with a number."""
    finite = frame[np.isfinite(frame[measure.column])]
    colour = measure.scaled(finite[measure.column].to_numpy(dtype=float))
    dimensions = []
    for axis in axes:
        if axis.is_choice or axis.log:
            # By their place, as Plotly has no axis of words here and none in powers of ten.
            ticks = range(0, len(axis), max(1, len(axis) // 8))
            places = {value: place for place, value in enumerate(axis.values)}
            values = [places[value] for value in finite[axis.name]]
            text = [axis.words[place] for place in ticks]
            dimensions.append({"label": axis.label, "values": values, "tickvals": list(ticks), "ticktext": text})
        else:
            dimensions.append({"label": axis.label, "values": finite[axis.name]})
    label = measure.label if measure.percent else f"log10 {measure.label}"
    dimensions.append({"label": label, "values": colour})
    lines = {"color": colour, "colorscale": palette.SURFACE, "reversescale": measure.percent, "showscale": False}
    figure = go.Figure(go.Parcoords(dimensions=dimensions, line=lines))
    figure.update_layout(height=HEIGHT, margin={"l": 60, "r": 60, "t": 60, "b": 30})
    return figure

"""The common style of all charts. The browser gives text and lines the colours of the page's theme."""

from collections.abc import Sequence

import plotly.graph_objects as go


def figure(traces: Sequence[go.Scatter | go.Contour], x: str, y: str) -> go.Figure:
    """A figure with these traces and named axes, in the common style."""
    axis = {
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "automargin": False,
        "title": {"standoff": 6},
        "exponentformat": "SI",
    }
    return go.Figure(
        data=list(traces),
        layout=go.Layout(
            template="none",
            margin={"l": 52, "r": 12, "t": 8, "b": 42, "autoexpand": False},
            xaxis={**axis, "title": {**axis["title"], "text": x}, "nticks": 6},
            yaxis={**axis, "title": {**axis["title"], "text": y}, "nticks": 6},
            showlegend=False,  # the player writes the legend above the chart
            hoverlabel={"align": "left"},
            hovermode="closest",
            dragmode=False,
        ),
    )

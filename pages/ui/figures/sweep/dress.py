"""What the pictures of a sweep have in common."""

import numpy as np
import plotly.graph_objects as go

HEIGHT = 460


def dressed(figure: go.Figure) -> go.Figure:
    """The figure at its size; a click chooses the nearest point, however far away it is."""
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 16, "r": 16, "t": 56, "b": 52},
        font_size=12,
        showlegend=False,
        dragmode=False,
        clickmode="event+select",
        hovermode="closest",
        hoverdistance=-1,
    )
    return figure


def mark(figure: go.Figure, run: int | None, again: int) -> None:
    """Let the figure show the cell of this run as the chosen one, and no other; `again` tells one time from the next.

    It changes the figure in place, which may have thousands of cells.
    """
    for trace in figure.data:
        if trace.customdata is not None:
            runs = np.asarray(trace.customdata)[:, 0]
            trace.selectedpoints = np.flatnonzero(runs == run).tolist() or None
    figure.layout.meta = again

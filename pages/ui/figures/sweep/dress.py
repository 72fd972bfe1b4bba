"""What the pictures of a sweep have in common."""

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

"""What the pictures of a sweep have in common."""

import plotly.graph_objects as go

HEIGHT = 440


def dressed(figure: go.Figure) -> go.Figure:
    """The figure at its size, with a click that chooses a point."""
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 64, "r": 16, "t": 28, "b": 52},
        font_size=12,
        showlegend=False,
        dragmode=False,
        clickmode="event+select",
    )
    return figure

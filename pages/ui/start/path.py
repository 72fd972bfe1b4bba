"""The path through the pages: a numbered card for each, with a small picture."""

import streamlit as st
from plotly.colors import sample_colorscale

from ..figures import palette
from ..i18n import N_, _
from ..widgets.markup import image

SCALE = sample_colorscale(palette.SURFACE, 5)

PATH = (
    ("tensors.py", N_("Tensors"), N_("The numbers that PyTorch computes with: look inside, and combine them.")),
    ("linear.py", N_("Linear regression"), N_("Change points, model and training, and see the answer at once.")),
    ("step.py", N_("One step"), N_("Go through the five lines of a training step, each with its numbers.")),
    (
        "points.py",
        N_("Points in the plane"),
        N_("Build a network, and watch the border between its classes move."),
    ),
    ("images.py", N_("Images"), N_("Teach a model to tell clothes apart, and see where it is wrong.")),
    ("sweep.py", N_("Sweep"), N_("Train hundreds of models at once, and find the settings that work.")),
    ("compare.py", N_("Compare"), N_("Lay the runs that you have saved side by side.")),
)
"""Each page with its name and what one does there."""


def draw() -> None:
    """Draw the cards, each of which is a link."""
    with st.container(key="path-heading"):
        st.header(_("Or go where you like"), anchor=False)
    with st.container(key="path"):
        for number, (page, name, sentence) in enumerate(PATH, start=1):
            with st.container(key=f"card-{number}", gap=None):
                st.html(_picture(page))
                st.page_link(page, label=" ".join((str(number), _(name))), width="stretch")
                st.caption(_(sentence))


def _picture(page: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 72" fill="none">{_SHAPES[page]}</svg>'
    return image(svg, 'class="wb-card-picture" alt=""')


def _cells(width: int, height: int, size: int, pattern: str) -> str:
    """Cells with the colours of these numbers in `SCALE`, in the middle of the picture."""
    left, top, side = 80 - width * size / 2, 36 - height * size / 2, size - 2
    return "".join(
        f'<rect x="{left + size * (place % width)}" y="{top + size * (place // width)}" width="{side}" height="{side}" '
        f'fill="{SCALE[int(digit)]}"/>'
        for place, digit in enumerate(pattern)
    )


_POINTS = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in ((24, 60), (41, 49), (58, 51), (75, 36), (92, 33)))
_RING = "".join(
    f'<circle cx="{x}" cy="{y}" r="3"/>'
    for x, y in ((34, 30), (38, 52), (48, 12), (62, 66), (82, 5), (100, 67), (112, 10), (122, 52), (127, 31))
)
_SQUARES = "".join(
    f'<path d="M{x} {y}h6v6h-6z"/>' for x, y in ((62, 24), (78, 18), (95, 28), (92, 44), (74, 48), (60, 38))
)
_CODE = "".join(
    f'<path d="M30 {12 + 12 * line}h{length}" stroke="{palette.NEUTRAL}" stroke-width="4" stroke-linecap="round"/>'
    for line, length in enumerate((62, 84, 54, 70, 48))
)
_SHAPES = {
    "tensors.py": _cells(5, 3, 18, "012340123401234"),
    "linear.py": (
        f'<g fill="{palette.TRAIN}">{_POINTS}</g><path d="M109 27l7-7 7 7-7 7z" fill="{palette.TEST}"/>'
        f'<path d="M131 16l7-7 7 7-7 7z" fill="{palette.TEST}"/>'
        f'<path d="M14 64L150 8" stroke="{palette.PREDICTION}" stroke-width="2.5"/>'
    ),
    "step.py": f'<path d="M20 28h116v16H20z" fill="{palette.WARNING}" fill-opacity=".35"/>{_CODE}',
    "points.py": (
        f'<ellipse cx="80" cy="36" rx="34" ry="24" fill="{palette.PREDICTION}" fill-opacity=".25" '
        f'stroke="{palette.PREDICTION}" stroke-width="2.5"/><g fill="{palette.TRAIN}">{_RING}</g>'
        f'<g fill="{palette.PREDICTION}">{_SQUARES}</g>'
    ),
    "images.py": f'<path d="M62 8l-24 12 7 15 9-4v35h52V31l9 4 7-15-24-12c-6 8-30 8-36 0z" fill="{palette.NEUTRAL}"/>',
    "sweep.py": (
        _cells(10, 5, 13, "00112234440011223344001122333400112223330011122222")
        + f'<circle cx="93" cy="36" r="7" stroke="{palette.PREDICTION}" stroke-width="3"/>'
    ),
    "compare.py": (
        f'<path d="M18 10C40 60 70 58 146 62" stroke="{palette.TRAIN}" stroke-width="3"/>'
        f'<path d="M18 10C60 22 90 44 146 46" stroke="{palette.PATH}" stroke-width="3" stroke-dasharray="7 4"/>'
    ),
}

"""What a run's curve looks like, as a small picture: its colour, its dash and its mark."""

import base64
from html import escape

from ..figures.compare import LOOKS

MARKS = {
    "circle": '<circle cx="20" cy="8" r="4.5"/>',
    "square": '<path d="M16 4h8v8h-8z"/>',
    "diamond": '<path d="M20 2l6 6-6 6-6-6z"/>',
    "triangle-up": '<path d="M20 2.5l5.5 9.5h-11z"/>',
    "triangle-down": '<path d="M20 13.5l5.5-9.5h-11z"/>',
    "x": '<path d="M20 6l3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3-3-3 2-2z"/>',
    "cross": '<path d="M18.5 2.5h3v4h4v3h-4v4h-3v-4h-4v-3h4z"/>',
    "star": '<path d="M20 1.5l1.9 4.4 4.8.4-3.6 3.1 1.1 4.7-4.2-2.5-4.2 2.5 1.1-4.7-3.6-3.1 4.8-.4z"/>',
}


def html(look: int, name: str = "") -> str:
    """The picture as HTML; `name` is that of its run where it does not stand beside it."""
    color, dash, symbol = LOOKS[look]
    dashes = "" if dash == "solid" else f' stroke-dasharray="{dash.replace("px", "")}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="16" viewBox="0 0 40 16" fill="{color}">'
        f'<path d="M0 8h40" stroke="{color}" stroke-width="2.2"{dashes}/>{MARKS[symbol]}</svg>'
    )
    packed = base64.b64encode(svg.encode("ascii")).decode("ascii")  # st.html leaves no svg in its place
    told = f'alt="{escape(name)}" title="{escape(name)}"' if name else 'alt=""'
    return f'<img class="wb-swatch" width="40" height="16" {told} src="data:image/svg+xml;base64,{packed}">'

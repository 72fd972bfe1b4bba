"""How others come in: the code, the address in the network, and both as a picture for phones."""

import io
from html import escape
from urllib.parse import urlsplit

import segno
import streamlit as st

from ..i18n import _
from ..session import address, state
from ..widgets.markup import image
from .seats import Key
from .stage import counts
from .stage.board import FOLDED, fold


def draw(key: Key, turn: int) -> None:
    """Draw the code of a room, large enough for the last row, or folded to one line."""
    folded, code = bool(state.get(FOLDED)), key.code
    size = "small" if folded else "large"
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key=f"room-code-{size}"):
        if folded:
            st.html(_letters(code), width="content")
        else:
            _large(code)
        counts.draw(key, "seats", turn=turn)
        st.button(
            _("Show it large") if folded else _("Make it small"),
            key="room.fold",
            icon=":material/open_in_full:" if folded else ":material/close_fullscreen:",
            on_click=fold,
        )


def _large(code: str) -> None:
    link, alt = join_address(code), escape(_("QR code of the address"))
    with st.container(width="content"):
        st.html(image(qr(link), f'class="wb-room-qr" alt="{alt}"'))
    with st.container(width="stretch", gap=None):
        st.html(_letters(code))
        st.html(f'<p class="wb-room-address">{escape(link.partition("?")[0])}</p>')
        if urlsplit(link).hostname in address.THIS_MACHINE:
            st.warning(
                _(
                    "Only this machine can open this address. Start the server with `make serve ADDRESS=0.0.0.0`, or "
                    "with `--server.address=0.0.0.0`."
                ),
                icon=":material/wifi_off:",
            )


def _letters(code: str) -> str:
    return f'<p class="wb-room-code" role="img" aria-label="{" ".join(code)}">{code}</p>'


def join_address(code: str) -> str:
    """The address that joins a room, which works in the network."""
    return f"{address.public(st.context.url or '')}room?code={code}"


def qr(text: str) -> str:
    """A text as a QR code in SVG."""
    file = io.BytesIO()
    segno.make(text, error="m").save(file, kind="svg", scale=4, border=2, xmldecl=False, svgns=True, light="#ffffff")
    return file.getvalue().decode("ascii")

"""The box to paste a table into. It shows only the first lines, because browsers take minutes for thousands of them."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ..i18n import _
from ..session import state

HERE = Path(__file__).parent

LINES = 100
"""The box shows at most this many."""

MOST = 2_000_000
"""A longer text stays in the browser."""

_component = st.components.v2.component(
    "workbench_paste_box",
    html='<label for="wb-paste"></label>'
    '<textarea id="wb-paste" class="wb-paste" spellcheck="false" wrap="off"></textarea>'
    '<p class="wb-paste-more" role="status"></p>',
    css=(HERE / "paste_box.css").read_text(encoding="utf-8"),
    js=(HERE / "paste_box.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


class Arrived:
    """Which text came last: the browser's name for it."""

    def __init__(self) -> None:
        self.sent = 0


def draw(key: str, text: str, arrived: Callable[[str, int], None], *, label: str, example: str) -> None:
    """Draw the box, which begins with `text`, or shows an `example` while it is empty.

    `arrived` is called with each new text and its length, before the script run. A longer one is "".
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def act() -> None:
        given = (state.get(key) or {}).get("text")
        if not isinstance(given, dict) or type(given.get("sent")) is not int:
            return
        text, size = given.get("text"), given.get("size")
        if isinstance(text, str):
            arrived(text, len(text))
        elif type(size) is int and size > MOST:
            arrived("", size)
        state.of(Arrived).sent = given["sent"]

    _component(
        key=key,
        on_text_change=act,
        data={
            "label": label,
            "more": _("… and {count} more lines"),
            "example": example,
            "most": MOST,
            "shown": LINES,
            "text": "\n".join(lines[:LINES]),
            "lines": len(lines) - (lines[-1] == ""),
            "arrived": state.of(Arrived).sent,
        },
    )

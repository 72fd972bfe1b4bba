"""The code of an epoch, the line that has just run marked; each line is a button that goes there."""

from collections.abc import Callable, Iterator

import streamlit as st

from wb_core.kinds.line.microscope import CODE, WHAT_IFS, WhatIf

from .view import StepView

NBSP = "\u00a0"
CURRENT = (
    ".st-key-code-{line} {{ background: light-dark(#dcdcf8, #34375c); border-radius: 0.25rem; "
    "box-shadow: inset 3px 0 light-dark(#4a4cc2, #a3a6ff); }}"
)
SIGNS = {"moved": "⇅", "changed": "✎"}


def draw(view: StepView, go: Callable[[str], None]) -> None:
    """Draw the lines in the order in which they run; `go` is called with the name of the one that is pressed."""
    change = WHAT_IFS[view.what_if]
    with st.container(key="code", gap=None):
        # Marked by a rule of style: another key would make the line another element, and take the focus from it.
        st.html(f"<style>{CURRENT.format(line=view.line)}{''.join(_signs(change))}</style>")
        st.html("<code>for epoch in range(epochs):</code>")
        for line in change.order:
            skipped = change.marks.get(line) == "skipped"
            with st.container(key=f"code-{line}", gap=None):
                for at, text in enumerate(change.code.get(line, CODE[line]).splitlines()):
                    code = text.replace(" ", NBSP)
                    label = f"`{NBSP * 4}`~~`{code}`~~" if skipped else f"`{NBSP * 4}{code}`"
                    st.button(label, key=f"code.{line}.{at}", type="tertiary", on_click=go, args=(line,))


def _signs(change: WhatIf) -> Iterator[str]:
    """The rules of style for a sign behind the lines that are moved or changed."""
    for line, mark in change.marks.items():
        if mark in SIGNS:
            yield f".st-key-code-{line} button::after {{ content: '{SIGNS[mark]}'; padding-left: 0.6rem; }}"

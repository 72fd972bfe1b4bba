"""The code of an epoch, the line that has just run marked; each line is a button that goes there."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from wb_core.microscope import CODE, WHAT_IFS

from .view import StepView

NBSP = "\u00a0"


def draw(view: StepView, go: Callable[[StepView], None]) -> None:
    """Draw the lines in the order in which they run; `go` is called with where the pressed one leads."""
    change = WHAT_IFS[view.what_if]
    with st.container(key="code", gap=None):
        st.html("<code>for epoch in range(epochs):</code>")
        for line in change.order:
            state = " ".join(["current" * (line == view.line), change.marks.get(line, "")]).split()
            with st.container(key="-".join(["code", line, *state]), gap=None):
                for at, text in enumerate(change.code.get(line, CODE[line]).splitlines()):
                    code = text.replace(" ", NBSP)
                    label = f"~~`{NBSP * 4}{code}`~~" if "skipped" in state else f"`{NBSP * 4}{code}`"
                    st.button(
                        label, key=f"code.{line}.{at}", type="tertiary", on_click=go, args=(replace(view, line=line),)
                    )

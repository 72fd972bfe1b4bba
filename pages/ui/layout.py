"""The frame around every page: its heading, and the few rules of style that Streamlit's theme has no words for."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

HERE = Path(__file__).parent
SHEETS = {
    sheet: (HERE / sheet).read_text(encoding="utf-8")
    for sheet in (
        "layout.css",
        "start/start.css",
        "tensors/tensors.css",
        "device/device.css",
        "labs/images/images.css",
        "step/step.css",
        "sweep/sweep.css",
        "compare/compare.css",
        "room/room.css",
        "lessons/lessons.css",
        "lessons/path.css",
    )
}


def style(sheet: str = "layout.css") -> None:
    """Put rules of style into the page: those for every page, or the sheet of one page alone."""
    st.html(f"<style>{SHEETS[sheet]}</style>")


def heading(title: str, sentence: str) -> DeltaGenerator:
    """The title of a page and one sentence on what one can find out here; returns the place at the right of them."""
    corner, below = frame(title)
    below.markdown(sentence)
    return corner


def frame(title: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The title of a page; returns the places at its right and below it."""
    with st.container(horizontal=True, vertical_alignment="center", key="heading"):
        below = st.container()
        below.title(title, anchor=False)
        return st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"), below

"""The frame around every page: its heading, and the few rules of style that Streamlit's theme has no words for."""

from pathlib import Path

import streamlit as st

from . import copy_link

CSS = (Path(__file__).parent / "layout.css").read_text(encoding="utf-8")


def style() -> None:
    """Put the rules of style into the page."""
    st.html(f"<style>{CSS}</style>")


def heading(title: str, sentence: str, *, link: bool = False) -> None:
    """The title of a page, one sentence on what one can find out here, and the button for its link."""
    with st.container(horizontal=True, vertical_alignment="center", key="heading"):
        with st.container():
            st.title(title, anchor=False)
            st.markdown(sentence)
        if link:
            copy_link.button()

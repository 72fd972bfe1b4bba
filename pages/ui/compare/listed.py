"""The kept runs one below the other: what their curves look like, their names, and what can be done with each."""

from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..session import share, state
from . import swatch
from .tray import Entry, Tray

PAGES = {wb.LinearConfig: "linear", wb.ImageConfig: "images"}


def draw(tray: Tray, entries: Sequence[Entry]) -> None:
    """Draw a row for each; its name is a box to write into."""
    with st.container(gap="xsmall"):
        for entry in entries:
            _row(tray, entry)


def _row(tray: Tray, entry: Entry) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"kept-{entry.number}"):
        st.html(swatch.html(entry.look), width="content")
        _name(tray, entry)
        opened = st.button(
            _("Open"),
            key=f"compare.open.{entry.number}",
            help=_("Open its lab with these settings. The same seed gives the same numbers."),
        )
        st.button(
            _("Remove"),
            key=f"compare.drop.{entry.number}",
            help=_("Remove this run from the tray."),
            on_click=tray.drop,
            args=(entry.number,),
        )
    if opened:
        share.open_with(PAGES[type(entry.run.config)], entry.run.config)


def _name(tray: Tray, entry: Entry) -> None:
    key = f"compare.name.{entry.number}"
    state.put(key, entry.run.name)  # as it is in the tray, whatever was written

    def renamed() -> None:
        tray.rename(entry.number, str(state.get(key, "")))

    st.text_input(
        _("Name of run {number}").format(number=entry.number + 1),
        key=key,
        max_chars=10 * wb.KeptRun.MOST_NAME,  # the browser ignores what is above this; we cut a name, and show it
        label_visibility="collapsed",
        on_change=renamed,
    )

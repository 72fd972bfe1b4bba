"""The list of kept runs with swatch, name and actions; or, if it is empty, how to fill it."""

from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..session import share, state
from .charts import swatch
from .tray import Entry, Tray


def draw(tray: Tray, entries: Sequence[Entry]) -> None:
    """Draw a row per run, with a text box for its name."""
    with st.container(gap="xsmall"):
        for entry in entries:
            _row(tray, entry)


def _row(tray: Tray, entry: Entry) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"kept-{entry.number}"):
        st.html(swatch(entry.style), width="content")
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
        share.open_with(wb.kind_of(entry.run.config).page, entry.run.config)


def _name(tray: Tray, entry: Entry) -> None:
    key = f"compare.name.{entry.number}"
    state.put(key, entry.run.name)  # the tray may have cleaned what was typed

    def renamed() -> None:
        tray.rename(entry.number, str(state.get(key, "")))

    st.text_input(
        _("Name of run {number}").format(number=entry.number + 1),
        key=key,
        max_chars=10 * wb.KeptRun.MAX_NAME,  # browsers drop longer input silently; the tray cuts visibly
        label_visibility="collapsed",
        on_change=renamed,
    )


def draw_empty(tray: Tray) -> None:
    """Draw links to the labs, and the button that undoes a clear."""
    with st.container(key="compare-nothing"):
        st.info(
            _(
                "Nothing saved yet. Train a model in a lab and press **Save this run** at the top. Change one "
                "thing, train and save again, and see here what it changed."
            ),
            icon=":material/bookmark_add:",
        )
        with st.container(horizontal=True, gap="medium", key="compare-ways"):
            st.page_link("linear.py", label=_("Linear regression"), icon=":material/show_chart:", width="content")
            st.page_link("images.py", label=_("Images"), icon=":material/image:", width="content")
            if tray.cleared:
                label = _("Undo: put {count} back").format(count=len(tray.cleared))
                st.button(label, icon=":material/undo:", on_click=tray.undo, key="compare.undo")

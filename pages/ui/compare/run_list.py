"""The list of kept runs with swatch, name and actions; or, if it is empty, how to fill it, and an example."""

from collections.abc import Sequence

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..session import share, state
from ..training import training_slot
from .charts import swatch
from .settings import suggested_name
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
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="compare-ways"):
            st.button(
                _("Show an example"),
                icon=":material/stacked_line_chart:",
                type="primary",
                help=_("Trains two lines that differ only in the learning rate, and lays them side by side."),
                on_click=_keep_example,
                args=(tray,),
                key="compare.example",
            )
            st.page_link("linear.py", label=_("Linear regression"), icon=":material/show_chart:", width="content")
            st.page_link("images.py", label=_("Images"), icon=":material/image:", width="content")
            if tray.cleared:
                label = _("Undo: put {count} back").format(count=len(tray.cleared))
                st.button(label, icon=":material/undo:", on_click=tray.undo, key="compare.undo")


def _keep_example(tray: Tray) -> None:
    for lr in (0.02, 0.2):
        run = wb.Run(wb.LinearConfig(noise=0.05, loss="mse", lr=lr, epochs=200))
        with training_slot():
            run.finish()
        tray.keep(wb.KeptRun.of_record(suggested_name(wb.LinearConfig(lr=lr)), wb.record_of(run)))

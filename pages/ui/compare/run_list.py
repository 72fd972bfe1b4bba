"""The list of kept runs with swatch, name and actions; or, if it is empty, how to fill it, and an example."""

import functools
from collections.abc import Sequence
from html import escape

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..session import share, state
from ..training import training_slot
from . import charts
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
    """Draw an example, with the button that keeps it, and links to the labs."""
    example = _example()
    left, right = st.columns([0.36, 0.64], gap="large")
    with left, st.container(key="compare-nothing"):
        st.header(_("Does a bigger step learn faster?"), anchor=False)
        st.markdown(
            _(
                "An example: two lines that differ only in the learning rate, just trained for you. Open it to see "
                "them side by side."
            )
        )
        st.button(
            _("Open this example"),
            icon=":material/stacked_line_chart:",
            type="primary",
            on_click=tray.keep,
            args=example,
            key="compare.example",
        )
        st.markdown(_("Or compare your own: train a model, press **Save this run**, change one thing, and save again."))
        with st.container(horizontal=True, gap="medium", key="compare-ways"):
            st.page_link("linear.py", label=_("Linear regression"), icon=":material/show_chart:", width="content")
            st.page_link("images.py", label=_("Images"), icon=":material/image:", width="content")
    with right:
        entries = [Entry(number, number, run) for number, run in enumerate(example)]
        names = "".join(f"<li>{swatch(entry.style)}<span>{escape(entry.run.name)}</span></li>" for entry in entries)
        st.html(f'<ul class="wb-legend">{names}</ul>')
        charts.draw(entries)


def _example() -> tuple[wb.KeptRun, ...]:
    def kept(lr: float) -> wb.KeptRun:
        run = _example_run(lr)
        return wb.KeptRun.of_record(suggested_name(wb.LinearConfig(lr=lr)), wb.record_of(run))

    return kept(0.02), kept(0.2)


@functools.lru_cache(2)
def _example_run(lr: float) -> wb.Run:
    run = wb.Run(wb.LinearConfig(noise=0.05, loss="mse", lr=lr, epochs=200))
    with training_slot():
        run.finish()
    return run


def undo_button(tray: Tray) -> None:
    """Draw the button that brings back what was removed last, if anything was."""
    if tray.removed:
        label = _("Undo: put {count} back").format(count=len(tray.removed[-1]))
        st.button(label, icon=":material/undo:", on_click=tray.undo, key="compare.undo")

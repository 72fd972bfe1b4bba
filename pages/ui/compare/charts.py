"""The curves of the kept runs of one kind, their swatches, and a sentence about the best run."""

from collections.abc import Sequence
from html import escape

import streamlit as st

import wb_core as wb

from ..figures.compare import CURVE_STYLES, RunCurve, compare_figure
from ..i18n import N_, _, language, translator
from ..session import state
from ..widgets.choice import one_of
from ..widgets.markup import image
from ..widgets.numbers import number
from .settings import loss_name
from .tray import Entry, incomparable, rank_value

LOSSES = {"test_loss": N_("Test loss"), "train_loss": N_("Train loss")}
OTHER_POINTS = N_("These runs learned from different points. Compare the shapes of the curves, not their heights.")
INCOMPARABLE = {
    "loss": N_("These runs use different losses. Compare the shapes of the curves, not their heights."),
    **dict.fromkeys(("data", "points", "own"), OTHER_POINTS),
    "standardise": N_(
        "Standardized runs measure their loss on scaled points, the others don't. Compare the shapes of the curves, "
        "not their heights."
    ),
}
LOSS_KEY, LOG_KEY = "compare.which", "compare.log"
CHART_CONFIG = {"displayModeBar": False}


def switches() -> None:
    """Draw the choice of the loss and the switch of the axis."""
    state.prime(LOG_KEY, False)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="compare-switches"):
        one_of(_("Which loss"), LOSSES, LOSS_KEY)
        st.toggle(
            _("Logarithmic axis"),
            key=LOG_KEY,
            persist_state="session",
            help=_("Each gridline is ten times the one below it, so you can tell small losses apart."),
        )


def draw(entries: Sequence[Entry]) -> None:
    """Draw the chart of the loss and, for runs that have one, the chart of the accuracy beside it."""
    which = str(state.get(LOSS_KEY, "test_loss"))
    accuracy = "test_accuracy" in entries[0].run.columns
    places = st.columns(2, gap="medium") if accuracy else [st.container()]
    with places[0]:
        _chart(entries, which, _(LOSSES[which]), log=bool(state.get(LOG_KEY, False)))
    if accuracy:
        with places[1]:
            _chart(entries, "test_accuracy", _("Test accuracy (%)"), zero=False)


def _chart(entries: Sequence[Entry], column: str, title: str, *, log: bool = False, zero: bool = True) -> None:
    pictures = wb.kind_of(entries[0].run.config) is wb.KINDS["image"]
    first = 1 if pictures else 0  # image runs count epochs from 1, as in their lab
    lines = [
        RunCurve(
            entry.run.name,
            entry.style,
            [epoch + first for epoch in entry.run.epochs],
            entry.run.columns[column],
            entry.run.outcome == "exploded",
        )
        for entry in entries
    ]
    names = {loss_name(entry.run.config) for entry in entries}
    loss = f" ({names.pop()})" if len(names) == 1 and column != "test_accuracy" else ""
    st.plotly_chart(
        compare_figure(lines, title + loss, translator(language()), log=log, zero=zero),
        key=f"compare.{column if column == 'test_accuracy' else 'loss'}.{type(entries[0].run.config).__name__}",
        config=CHART_CONFIG,
        alt=_("{title} over the epochs, one curve per saved run").format(title=title),
    )


def finding(entries: Sequence[Entry]) -> str:
    """A sentence about the best run, or about why the runs cannot be ranked, as HTML."""
    if len(entries) < 2:
        return _("Save another run to see what makes the difference.")
    if setting := incomparable(entries):
        return _(INCOMPARABLE[setting])
    best = min(entries, key=rank_value)
    name = f"{swatch(best.style)} <b>{escape(best.run.name)}</b>"
    if "test_accuracy" in best.run.columns:
        value = f"{best.run.last('test_accuracy'):.2f}%"
        return _("Best test accuracy: {value} {name}").format(name=name, value=value)
    return _("Lowest test loss: {value} {name}").format(name=name, value=number(best.run.last("test_loss")))


MARKER_SHAPES = {
    "circle": '<circle cx="20" cy="8" r="4.5"/>',
    "square": '<path d="M16 4h8v8h-8z"/>',
    "diamond": '<path d="M20 2l6 6-6 6-6-6z"/>',
    "triangle-up": '<path d="M20 2.5l5.5 9.5h-11z"/>',
    "triangle-down": '<path d="M20 13.5l5.5-9.5h-11z"/>',
    "x": '<path d="M20 6l3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3-3-3 2-2z"/>',
    "cross": '<path d="M18.5 2.5h3v4h4v3h-4v4h-3v-4h-4v-3h4z"/>',
    "star": '<path d="M20 1.5l1.9 4.4 4.8.4-3.6 3.1 1.1 4.7-4.2-2.5-4.2 2.5 1.1-4.7-3.6-3.1 4.8-.4z"/>',
}


def swatch(style: int, name: str = "") -> str:
    """The style of a curve as a small image. `name` is its alternative text, if no name stands beside it."""
    color, dash, symbol = CURVE_STYLES[style]
    dashes = "" if dash == "solid" else f' stroke-dasharray="{dash.replace("px", "")}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="16" viewBox="0 0 40 16" fill="{color}">'
        f'<path d="M0 8h40" stroke="{color}" stroke-width="2.2"{dashes}/>{MARKER_SHAPES[symbol]}</svg>'
    )
    attributes = f'alt="{escape(name)}" title="{escape(name)}"' if name else 'alt=""'
    return image(svg, f'class="wb-swatch" width="40" height="16" {attributes}')

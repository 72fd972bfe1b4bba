"""The curves of the kept runs of one kind, one over the other, and what they say in a sentence."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from ..figures.compare import Line, compare_figure
from ..i18n import N_, _, language, translator
from ..session import state
from ..widgets.choice import one_of
from ..widgets.numbers import number
from .tray import Entry, comparable, score
from .words import torch_of

LOSSES = {"test_loss": N_("Test loss"), "train_loss": N_("Train loss")}
WHICH, LOG = "compare.which", "compare.log"
STILL = {"displayModeBar": False}


def switches() -> None:
    """Draw the choice between the losses, and between the axes."""
    state.prime(LOG, False)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="compare-switches"):
        one_of(_("Which loss"), LOSSES, WHICH)
        st.toggle(
            _("Logarithmic axis"),
            key=LOG,
            persist_state="session",
            help=_("Each gridline is ten times the one below it, so you can tell small losses apart."),
        )


def draw(entries: Sequence[Entry]) -> None:
    """Draw the chart of the loss, and beside it the one of the accuracy where there is one."""
    which = str(state.get(WHICH, "test_loss"))
    pictures = entries[0].run.test_accuracy is not None
    places = st.columns(2, gap="medium") if pictures else [st.container()]
    with places[0]:
        _chart(entries, which, _(LOSSES[which]), log=bool(state.get(LOG, False)))
    if pictures:
        with places[1]:
            _chart(entries, "test_accuracy", _("Test accuracy (%)"), zero=False)


def _chart(entries: Sequence[Entry], column: str, title: str, *, log: bool = False, zero: bool = True) -> None:
    first = 1 if entries[0].run.test_accuracy is not None else 0  # as their labs count
    lines = [
        Line(
            entry.run.name,
            entry.look,
            [epoch + first for epoch in entry.run.epochs],
            getattr(entry.run, column),
            entry.run.outcome == "exploded",
        )
        for entry in entries
    ]
    names = {torch_of(entry.run.config, "loss") for entry in entries}
    loss = f" ({names.pop()})" if len(names) == 1 and column != "test_accuracy" else ""
    st.plotly_chart(
        compare_figure(lines, title + loss, translator(language()), log=log, zero=zero),
        key=f"compare.{column if column == 'test_accuracy' else 'loss'}.{type(entries[0].run.config).__name__}",
        config=STILL,
        alt=_("{title} over the epochs, one curve per saved run").format(title=title),
    )


def finding(entries: Sequence[Entry]) -> str:
    """Which run did best, as HTML; or why that cannot be told."""
    if len(entries) < 2:
        return _("Save another run to see what makes the difference.")
    if not comparable(entries):
        return _("These runs use different losses. Compare the shapes of the curves, not their heights.")
    best = min(entries, key=score)
    name = f"<b>{escape(best.run.name)}</b>"
    if best.run.test_accuracy is not None:
        return _("Best test accuracy: {name} with {value}.").format(
            name=name, value=f"{best.run.test_accuracy[-1]:.2f} %"
        )
    return _("Lowest test loss: {name} with {value}.").format(name=name, value=number(best.run.test_loss[-1]))

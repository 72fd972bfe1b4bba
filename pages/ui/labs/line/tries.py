"""What to try next, in one line, until the visitor has done it."""

import html

import streamlit as st

import wb_core as wb
from wb_core.base.fields import N_, defaults

from ...i18n import _
from ...widgets import focus
from .. import run_tries
from ..run_tries import Try
from . import verdict
from .lab import LinearLab

FIRST = defaults(wb.LinearConfig)

TRIES: tuple[Try, ...] = (
    (
        N_("Press **Train**, and watch the orange line find the points."),
        lambda shown: bool(shown.run and shown.run.epochs),
    ),
    (
        N_("Try it: drag the **learning rate** to the right. When does the line stop settling?"),
        lambda shown: shown.settings.lr != FIRST["lr"],
    ),
    (
        N_("Try it: drag **Noise** up. Can the loss still reach 0?"),
        lambda shown: shown.settings.noise > 0 or bool(shown.settings.points),
    ),
    (
        N_("Try it: **pick a place in the loss map** to start the training there."),
        lambda shown: bool(shown.settings.init),
    ),
    (
        N_("Try it: go back to an epoch in the middle and press **Branch here**."),
        lambda shown: bool(shown.branches),
    ),
    (
        N_("Try it: choose **My points**, and bring a table of your own."),
        lambda shown: bool(shown.settings.points),
    ),
)


def draw(lab: LinearLab, diagnosis: wb.Diagnosis | None = None) -> None:
    """Draw the first one that was not done yet, after the outcome, which narrow screens have far below.

    After a run that exploded, it is to do what its diagnosis suggests.
    """
    if diagnosis is not None:
        words = verdict.first_words_of(lab.run, diagnosis)
        css = f"wb-outcome wb-{verdict.tone(diagnosis.label, diagnosis.good)}"
        st.html(f'<p class="{css}">{html.escape(words)}</p>')
        if diagnosis.label == "exploding" and diagnosis.suggestion and not focus.narrow():
            st.markdown(_("This run exploded. Read why below the charts, and press what it says to try."))
            return
    last = _("Pick a point of the loss curve to see that epoch, or a place in the loss map to start there.")
    run_tries.draw(lab, TRIES, last)

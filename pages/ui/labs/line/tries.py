"""What to try next, in one line, until the visitor has done it."""

from collections.abc import Callable

import streamlit as st

import wb_core as wb
from wb_core.base.fields import N_, defaults

from ...i18n import _
from ..saved import Snapshot
from .lab import LinearLab

FIRST = defaults(wb.LinearConfig)

TRIES: tuple[tuple[str, Callable[[Snapshot], bool]], ...] = (
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
        N_("Try it: **click into the loss map** to start the training there."),
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
"""Each text, and whether a snapshot of the lab shows that it was done."""


def draw(lab: LinearLab) -> None:
    """Draw the first one that was not done yet."""
    undo = lab.note()
    steps = [*undo.past, undo.now, *undo.future]
    for text, done in TRIES:
        if not any(map(done, steps)):
            st.markdown(_(text))
            return
    st.markdown(_("A click on the loss curve shows that epoch, a click into the loss map starts there."))

"""A sweep inside a visitor's own script run, with progress and a way to stop."""

import time
from typing import Any

import streamlit as st

from .. import training
from ..i18n import _
from .lab import SweepLab

SHOW_AFTER = 0.4
"""Seconds after which a sweep shows how far it is."""


def go_on(lab: SweepLab, place: Any) -> None:
    """Go on with the sweep to its end; `place` is an `st.empty()` that has what came of the last one, or the progress.

    When the visitor does something else meanwhile, this script run ends here, and the next one goes on.
    """
    turn, bar, began = lab.take_turn(), None, time.monotonic()
    while lab.busy:
        with training.slice_of_processor():
            mine = lab.advance(turn, training.SLICE)
        if not mine:
            st.stop()
        if lab.work is None or time.monotonic() - began < SHOW_AFTER:
            continue
        if bar is None:
            row = place.container(horizontal=True, vertical_alignment="center", key="sweep-progress")
            bar = row.progress(0.0)
            row.button(_("Stop"), key="sweep.stop", on_click=lab.stop, icon=":material/stop:")
        bar.progress(
            min(1.0, lab.work.progress),
            text=_("{done} of {all} epochs (all runs)").format(done=f"{lab.work.epochs:,}", all=f"{lab.work.steps:,}"),
        )

"""The parts of the panels that show the model of one epoch: the one at which the player rests."""

from collections.abc import Callable

import streamlit as st

import wb_core as wb

from ...i18n import _
from ...player import resting
from .branches import runs
from .lab import LinearLab

KEY = "linear.resting"


@st.fragment
def draw(lab: LinearLab, part: Callable[[wb.Run, int | None], None]) -> None:
    """Draw `part` with the run as it was after that epoch, and the epoch; with None for a model before any training.

    It alone is drawn again when the player comes to rest at another epoch.
    """
    run = lab.run
    if not run.epoch:
        return part(run, None)
    epoch = resting.frame(runs.here().token(lab)["token"], run.epoch, key=KEY)
    if epoch < 0:
        return part(wb.Run(run.config, start=run.start), None)
    return part(run.after(epoch), epoch)


def heading(epoch: int | None) -> None:
    """Say which epoch a part shows, unless the model is untrained."""
    if epoch is not None:
        st.caption(_("Model after epoch {epoch}").format(epoch=f"{epoch:,}"))

"""The parts of the panels that show the model of one epoch: the one at which the player rests."""

from collections.abc import Callable

import streamlit as st

import wb_core as wb

from ..i18n import _
from ..player import resting
from .run_lab import RunLab

Part = Callable[[wb.Run, int | None], None]


@st.fragment
def draw(lab: RunLab, part: Part, token: str) -> None:
    """Draw `part` with the run as it was after that epoch, and the epoch; with None for a model before any training.

    `token` is the player's. This alone is drawn again when the player comes to rest at another epoch.
    """
    run = lab.run
    if not run.epoch:
        return part(run, None)
    epoch = resting.frame(token, run.epoch, key=f"{wb.kind_of(run.config).page}.resting")
    if epoch < 0:
        return part(wb.Run(run.config, start=run.start), None)
    return part(run.after(epoch), epoch)


def heading(epoch: int | None) -> None:
    """Say which epoch a part shows, unless the model is untrained."""
    if epoch is not None:
        st.caption(_("Model after epoch {epoch}").format(epoch=f"{epoch:,}"))

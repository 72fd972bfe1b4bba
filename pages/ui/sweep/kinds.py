"""The two kinds of sweep: what their controls ask for, and the way from one page to the other."""

from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.kinds.images.data import SIZES

from ..i18n import _
from .controls import Controls, arithmetic
from .image_lab import ImageSweepLab
from .lab import SweepLab
from .view import ImageSweepView, SweepView


def links() -> None:
    """Draw the way from one kind to the other."""
    with st.container(horizontal=True, gap="small", key="sweep-kinds"):
        st.page_link("sweep.py", label=_("Lines"), icon=":material/show_chart:")
        st.page_link("sweep_images.py", label=_("Pictures"), icon=":material/image:")


def lines(lab: SweepLab) -> Controls:
    """The controls of a sweep of lines."""
    others = ("loss", "optimizer", "epochs", "noise", "model", "lr")
    return Controls(SweepView, others, 41, _amount_of_lines, lab.begin)


def pictures(lab: ImageSweepLab) -> Controls:
    """The controls of a sweep of pictures."""
    others = ("dataset", "model", "hidden_units", "batch_size", "lr", "epochs", "optimizer", "momentum", "seed")
    return Controls(ImageSweepView, others, 4, _amount_of_pictures, lab.begin)


def _amount_of_lines(axes: wb.Axes[Any]) -> str:
    runs = f"{len(axes):,}"
    if "epochs" in axes.values:
        return _("{arithmetic}**{runs} runs**.").format(arithmetic=arithmetic(axes), runs=runs)
    return _("{arithmetic}**{runs} runs** of {epochs} epochs each.").format(
        arithmetic=arithmetic(axes), runs=runs, epochs=f"{axes.config.epochs:,}"
    )


def _amount_of_pictures(axes: wb.Axes[Any]) -> str:
    epochs = axes.values.get("epochs", (axes.config.epochs,))
    seen = len(axes) // len(epochs) * sum(epochs) * SIZES[axes.config.dataset][0]
    return _("{arithmetic}**{runs} runs**, {pictures} pictures in total.").format(
        arithmetic=arithmetic(axes), runs=f"{len(axes):,}", pictures=f"{seen:,}"
    )

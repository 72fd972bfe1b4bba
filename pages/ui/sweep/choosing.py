"""Choosing a run in the picture of a sweep, by a click or by hand, and where one can go with it."""

import math
from typing import Any

import streamlit as st

import wb_core as wb

from ..compare import keep
from ..figures.sweep import Grid
from ..i18n import _
from ..session import state
from .lab import Lab


def run_of(point: object) -> int | None:
    """The run behind a point that a browser says was chosen: it can send anything."""
    data = point.get("customdata") if isinstance(point, dict) else None
    first = data[0] if isinstance(data, list) and data else data.get("0") if isinstance(data, dict) else None
    if isinstance(first, float) and math.isfinite(first):
        return int(first)
    return first if isinstance(first, int) and not isinstance(first, bool) else None


def by_hand(lab: Lab, grid: Grid) -> None:
    """A slider for each axis, to choose a cell with the keyboard, or with a finger that is larger than it."""
    place = (None if lab.chosen is None else grid.place_of(lab.chosen)) or (0, 0)
    keys = [f"sweep.at.{lab.number}.{axis.name}" for axis in grid.axes]

    def moved() -> None:
        at = [state.get(key) for key in keys]
        lab.choose(int(grid.run[at[0], at[1] if len(at) > 1 else 0]), mark=True)

    with st.container(key="by-hand"):
        for axis, key, at in zip(grid.axes, keys, place, strict=False):
            state.put(key, at)
            if len(axis) > 1:
                st.select_slider(
                    axis.label, range(len(axis)), format_func=axis.words.__getitem__, key=key, on_change=moved
                )


def ways_on(lab: Lab, config: Any, kept: wb.KeptRun | None, icon: str) -> None:
    """Say which seed the chosen run has, where there are several, and draw the ways into its lab and into the tray."""
    if lab.view.seeds > 1:
        st.caption(_("This is seed {seed}, the middle one of {seeds}.").format(seed=config.seed, seeds=lab.view.seeds))
    label = _("Open it in its lab")
    if st.button(label, icon=icon, key="sweep.open", on_click=lab.leave_for, args=(config,)):
        st.rerun()  # all of the page, which leaves
    keep.draw(kept)

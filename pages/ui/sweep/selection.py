"""Selects a run in the figure of a sweep, by clicks or sliders, and draws the actions on it."""

import math
from typing import Any

import streamlit as st

from ..compare import keep
from ..figures.sweep import Grid
from ..i18n import _
from ..session import state
from .lab import SweepLab


def run_of_point(point: object) -> int | None:
    """The run of a selected point; None for anything invalid, because the point comes from the browser."""
    data = point.get("customdata") if isinstance(point, dict) else None
    first = data[0] if isinstance(data, list) and data else data.get("0") if isinstance(data, dict) else None
    if isinstance(first, float) and math.isfinite(first):
        return int(first)
    return first if isinstance(first, int) and not isinstance(first, bool) else None


def selected_run(value: object) -> int | None:
    """The run of the first point in the value of a chart; None if nothing valid is selected."""
    selection = value.get("selection") if isinstance(value, dict) else None
    points = selection.get("points") if isinstance(selection, dict) else None
    return run_of_point(points[0]) if isinstance(points, list) and points else None


def cell_sliders(lab: SweepLab, grid: Grid) -> None:
    """Draw a slider per axis, to select a cell by keyboard or on a small screen."""
    cell = (None if lab.chosen is None else grid.cell_of(lab.chosen)) or (0, 0)
    keys = [f"sweep.at.{lab.number}.{axis.name}" for axis in grid.axes]

    def moved() -> None:
        at = [state.get(key) for key in keys]
        lab.choose(int(grid.run[at[0], at[1] if len(at) > 1 else 0]), mark=True)

    with st.container(horizontal=True, key="by-hand"):
        for axis, key, at in zip(grid.axes, keys, cell, strict=False):
            if state.get(key) != at:  # setting it again would undo a move that has not arrived yet
                state.put(key, at)
            if len(axis) > 1:
                st.select_slider(
                    axis.label, range(len(axis)), format_func=axis.value_texts.__getitem__, key=key, on_change=moved
                )


def selected(lab: SweepLab, hint: str) -> Any:
    """The selected run. If there is none, None, and a sentence why, or the `hint`, is drawn."""
    if lab.selected is None and lab.chosen is not None:
        st.info(_("This run wasn't trained: the sweep was stopped before it."), icon=":material/stop:")
    elif lab.selected is None:
        st.info(hint, icon=":material/touch_app:")
    return lab.selected


def run_actions(lab: SweepLab, config: Any, kept: keep.Keepable, icon: str) -> None:
    """Draw the choice of the seed, if there are several, and the buttons that open and keep the selected run."""
    if lab.view.seeds > 1:
        st.caption(_("This is seed {seed}, the middle one of {seeds}.").format(seed=config.seed, seeds=lab.view.seeds))
    label = _("Open it in its lab")
    if st.button(label, icon=icon, key="sweep.open", on_click=lab.open_in_lab, args=(config,)):
        st.rerun()  # the whole page, which then switches to the lab
    keep.draw(kept)

"""Choosing a run in the picture of a sweep: by a click, or by hand."""

import math

import streamlit as st

from .. import state
from ..figures.sweep import Grid
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

"""A sweep that trains in batches, in slices inside script runs."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb
from wb_core.kinds.run import Run

from .. import training
from ..i18n import _
from ..session import share
from .lab import SweepLab
from .results import Results
from .view import SweepView

SHOW_AFTER = 0.4
"""Seconds after which a sweep shows its progress."""


class BatchedSweepLab(SweepLab, training.InTurns):
    """A sweep that script runs train, in turns."""

    def __init__(self, view: SweepView, numbers: Iterator[int] | None = None) -> None:
        SweepLab.__init__(self, view, numbers)
        training.InTurns.__init__(self)
        self.work: wb.Sweep | None = None
        self.stopped = False
        self._selected: tuple[int, int, Run] | None = None

    @property
    def axes(self) -> wb.Axes | None:
        return self.work.axes if self.work else None

    @property
    def busy(self) -> bool:
        return self.work is not None and not self.work.done and not self.stopped

    @property
    def selected(self) -> Run | None:
        """The selected run, retrained; None if none is selected or the sweep did not reach it."""
        if self.work is None or self.chosen is None or not self.work.result.diagnoses[self.chosen]:
            return None
        if self._selected is None or self._selected[:2] != (self.number, self.chosen):
            self._selected = self.number, self.chosen, self.work.result.run(self.chosen)
        return self._selected[2]

    def begin(self, config: Any, axes: dict[str, Any], view: SweepView) -> None:
        work = wb.Sweep(config, **axes)
        with self._lock:
            self._turn += 1
            self.work, self.stopped = work, False
        self._reset(view)

    def stop(self) -> None:
        with self._lock:
            self._turn += 1
            self.stopped = True

    def resume(self) -> None:
        """Continue a stopped sweep."""
        self.stopped = False
        self._made = {}
        if self.chosen_by_default:
            self.choose(None)

    def table(self) -> pd.DataFrame:
        assert self.work is not None  # noqa: S101
        frame = self.work.result.frame()
        return frame.assign(diagnosis=frame["diagnosis"].mask(frame["good"], "good")).drop(columns="good")

    def draw(self, results: Results, *, stale: bool) -> None:
        place = st.empty()
        if self.busy:
            self._finish(place)
        with place.container():
            if self.stopped:
                with st.container(horizontal=True, vertical_alignment="center", key="sweep-progress"):
                    st.markdown(self.ended_sentence(stopped=True), width="content")
                    st.button(_("Continue"), icon=":material/play_arrow:", key="sweep.resume", on_click=self.resume)
            results.draw(self, stale=stale)

    @property
    def saved(self) -> dict[str, Any] | None:
        return (
            None
            if self.axes is None
            else {
                "settings": share.encode(self.axes.config, by_name=True),
                "view": share.encode(self.view),
            }
        )

    def take_over(self, saved: dict[str, Any], axes: Callable[[SweepView, Any], dict[str, Any]]) -> None:
        """Train the sweep again."""
        [config] = share.read_texts(saved["settings"], self.view.config)
        [view] = share.read_texts(saved["view"], type(self.view))
        if self.work is None or self.unasked:
            self.begin(config, axes(view, config), view)

    def _finish(self, place: DeltaGenerator) -> None:
        """Train the sweep to its end in this script run; `place` is an `st.empty()` for the progress bar.

        When the user interacts with the page, this script run stops and the next one continues.
        """
        turn, bar, began = self.take_turn(), None, time.monotonic()
        while self.busy:
            with training.training_slot():
                mine = self.advance(turn, training.SLICE)
            if not mine:
                st.stop()
            if self.work is None or time.monotonic() - began < SHOW_AFTER:
                continue
            if bar is None:
                row = place.container(horizontal=True, vertical_alignment="center", key="sweep-progress")
                bar = row.progress(0.0)
                row.button(_("Stop"), key="sweep.stop", on_click=self.stop, icon=":material/stop:")
            done, all_ = f"{self.work.epochs:,}", f"{self.work.steps:,}"
            text = _("{done} of {all} epochs (all runs)").format(done=done, all=all_)
            bar.progress(min(1.0, self.work.progress), text=text)

    def _train(self, seconds: float) -> None:
        if self.work is not None:
            self.work.advance(seconds)

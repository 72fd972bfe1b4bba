"""The files of results that a visitor checks: each lesson is done again, in turns with everybody's trainings."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb
from wb_core.lessons import Done, Recheck, read_results

from ..compare.tray import clean_name
from ..i18n import _
from ..training import REPORT, SLICE, InTurns, training_slot
from .current import find

MOST_FILES = 40
"""As many files are checked at once."""

BUDGET = 180.0
"""After so many seconds of work, the visitor must ask for more."""


@dataclass(frozen=True)
class Row:
    """A lesson in a file."""

    text: str
    done: Done
    recheck: Recheck

    @property
    def lesson(self) -> wb.Lesson | None:
        """The lesson; None if this workbench does not have it."""
        return self.recheck.lesson


@dataclass(frozen=True)
class Results:
    """A file: its name, its lessons, and why it cannot be read, if so."""

    name: str
    rows: Sequence[Row] = ()
    error: wb.LessonError | None = None

    def count(self, state: str) -> int:
        """How many of its lessons came out like this."""
        return sum(row.recheck.state == state for row in self.rows)


@dataclass
class _Known:
    """What was read so far: files by their id, and rechecks by what they do."""

    files: dict[str, Results] = field(default_factory=dict)
    rechecks: dict[tuple[str, str], Recheck] = field(default_factory=dict)


class Rechecks(InTurns):
    """The uploaded files, and how far their check is."""

    def __init__(self) -> None:
        super().__init__()
        self._known = _Known()
        self.stopped = False
        self._left = BUDGET

    @property
    def files(self) -> list[Results]:
        """The files in order."""
        return [*self._known.files.values()]

    @property
    def waiting(self) -> list[Recheck]:
        """What is left to do."""
        return [one for one in self._known.rechecks.values() if not one.ended]

    def follow(self, uploads: Sequence[Any]) -> None:
        """Read the new ones of these uploads, and forget those that are gone."""
        known, self._known = self._known, _Known()
        for upload in uploads[:MOST_FILES]:
            found = known.files.get(upload.file_id)
            if found is None:
                found = self._read(upload, known)
                self.go_on()
            self._known.files[upload.file_id] = found
            for row in found.rows:
                self._known.rechecks[_key(row.text, row.done)] = row.recheck

    def stop(self) -> None:
        """Stop the check; what is done so far stays."""
        self.take_turn()
        self.stopped = True

    def go_on(self) -> None:
        """Check the rest."""
        self.stopped, self._left = False, BUDGET

    def _read(self, upload: Any, known: _Known) -> Results:
        name = clean_name(upload.name) or "?"
        try:
            found = read_results(upload.getvalue())
        except wb.LessonError as error:
            return Results(name, error=error)
        rows = []
        for text, done in found.items():
            key = _key(text, done)
            recheck = known.rechecks.get(key) or self._known.rechecks.get(key) or Recheck(_lesson(text), done)
            self._known.rechecks[key] = recheck
            rows.append(Row(text, done, recheck))
        return Results(name, rows)

    def _train(self, seconds: float) -> None:
        began = time.monotonic()
        if waiting := self.waiting:
            waiting[0].advance(seconds)
        self._left -= time.monotonic() - began
        self.stopped = self.stopped or self._left < 0


def work(checks: Rechecks, place: DeltaGenerator) -> None:
    """Check what is left, with a progress bar and a button that stops it in `place`; then draw the page again."""
    total, reported, bar = len(checks.waiting), 0.0, None
    if not total or checks.stopped:
        return
    turn = checks.take_turn()
    with place.container(horizontal=True, vertical_alignment="center", key="results-progress"):
        bar = st.progress(0.0)
        st.button(_("Stop"), key="results.stop", icon=":material/stop:", on_click=checks.stop)
    while (left := len(checks.waiting)) and not checks.stopped:
        if time.monotonic() >= reported + REPORT:  # here the script run ends if the visitor does something else
            reported = time.monotonic()
            text = _("Doing it again: {done} of {all}").format(done=total - left, all=total)
            bar.progress((total - left) / total, text=text)
        with training_slot():
            mine = checks.advance(turn, SLICE)
        if not mine:
            st.stop()
    st.rerun()


def _lesson(text: str) -> wb.Lesson | None:
    with contextlib.suppress(wb.ConfigError):
        return find(text)
    return None


def _key(text: str, done: Done) -> tuple[str, str]:
    """Whoever did the same is checked once."""
    return text, repr((done.passed, done.attempt))

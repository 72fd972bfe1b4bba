"""What every page with settings has: heading, link, notices, the "keep" button, and two columns.

A page reads: `lab_page.begin(...)`, its columns, the config of its controls, `page.share(config)`, then what it shows.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from wb_core.lessons import PLACES, Lesson

from . import layout
from .compare import keep
from .intake import dialog as intake
from .lessons import heading as lesson_heading
from .lessons import strip
from .lessons.current import LessonView
from .room import here as room
from .session import share
from .widgets import fields

Configs = Sequence[Any]


class LabPage:
    """A page's frame; made by `begin`."""

    def __init__(self, name: str, corner: DeltaGenerator, keep_place: DeltaGenerator | None) -> None:
        self.name = name
        self.corner = corner  # at the right of the heading
        self.notices = st.container()
        self._lesson_place = st.container()
        self._keep_place = keep_place

    @property
    def lesson_here(self) -> Lesson | None:
        """The lesson that this page is in."""
        found = strip.here(self.name)
        return None if found is None else found[0]

    def columns(self, key: str = "lab", left: float = 0.285) -> tuple[DeltaGenerator, DeltaGenerator]:
        """Controls at the left, results at the right; the rules of style go by `key`."""
        with st.container(key=key):
            controls, results = st.columns([left, 1 - left], gap="medium")
        return controls, results

    def share(self, *configs: Any, asked: Configs | None = None, linked: Any = None, lacks: str = "") -> None:
        """Put the settings into the address, and say which parts of a link were ignored.

        `asked` are the settings that the visitor asked for, where the page cannot show just these. For `linked` and
        `lacks` see `share.write`.
        """
        lesson = LessonView(**fields.values(LessonView))
        with self.corner:
            share.write(self.name, *configs, *([lesson] if self.lesson_here else []), linked=linked, lacks=lacks)
        with self.notices:
            share.notice(self.name, *(configs if asked is None else asked), lesson)

    def lesson(self, records: strip.Records) -> None:
        """Draw the lesson that this page is in, if it is in one, which checks these records."""
        with self._lesson_place:
            strip.draw(self.name, records)
        room.tell(self.name, records)

    def keep(self, run: keep.Keepable) -> None:
        """Draw the button that keeps this run for comparison."""
        if self._keep_place is None:
            raise ValueError(f"the page {self.name} has no place for the button: begin it with keeps=True")
        with self._keep_place:
            keep.draw(run)


def begin(name: str, title: str, sentence: str, *classes: type, keeps: bool = False) -> LabPage:
    """Read the link, whose settings are of these config `classes`, and draw the heading of the page.

    `name` is the page's in the address; `keeps` makes room for the button that keeps a run.
    """
    share.read(name, *classes, *([LessonView] if name in PLACES else []))
    strip.narrow(name)
    intake.take()
    found = strip.here(name)
    corner = layout.heading(title, sentence) if found is None else lesson_heading.draw(*found)
    return LabPage(name, corner, corner.container(key="keep-here") if keeps else None)

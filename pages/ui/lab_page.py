"""What every page with settings has: heading, link, notices, the "keep" button, two columns, and the job to find again.

A page reads: `lab_page.begin(...)`, its columns, the config of its controls, `page.share(config)`, then what it shows.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb

from . import layout
from .compare import keep
from .session import browser_storage, share
from .widgets import fields

Configs = Sequence[Any]


class JobLab(Protocol):
    """The state of a lab whose training is a job on the server, known by a ticket."""

    @property
    def ticket(self) -> str | None: ...
    def take_over(self, ticket: str) -> Any: ...


class LabPage:
    """A page's frame; made by `begin`."""

    def __init__(self, name: str, corner: DeltaGenerator, keep_place: DeltaGenerator | None) -> None:
        self.name = name
        self.corner = corner  # at the right of the heading
        self.notices = st.container()
        self._keep_place = keep_place

    def columns(self, key: str = "lab", left: float = 0.285) -> tuple[DeltaGenerator, DeltaGenerator]:
        """Controls at the left, results at the right; the rules of style go by `key`."""
        with st.container(key=key):
            controls, results = st.columns([left, 1 - left], gap="medium")
        return controls, results

    def share(self, *configs: Any, asked: Configs | None = None) -> None:
        """Put the settings into the address, and say which parts of a link were ignored.

        `asked` are the settings that the visitor asked for, where the page cannot show just these.
        """
        with self.corner:
            share.write(self.name, *configs)
        with self.notices:
            share.notice(self.name, *(configs if asked is None else asked))

    def keep(self, run: wb.KeptRun | None) -> None:
        """Draw the button that keeps this run for comparison; None where there is none to keep."""
        if self._keep_place is None:
            raise ValueError(f"the page {self.name} has no place for the button: begin it with keeps=True")
        with self._keep_place:
            keep.draw(run)

    def remember_job(self, lab: JobLab, part: str | None = None) -> None:
        """Store the ticket of the lab's job in the browser; after a reload, show that job and its settings again.

        `part` tells jobs of one page apart.
        """

        def found(ticket: str) -> None:
            before = lab.take_over(ticket)
            if before is None:
                return
            configs = before if isinstance(before, tuple) else (before,)
            if not share.asked(self.name, *configs):
                for config in configs:
                    fields.fill(config)

        browser_storage.draw(self.name if part is None else f"{self.name}.{part}", lab.ticket, found)


def begin(name: str, title: str, sentence: str, *classes: type, keeps: bool = False) -> LabPage:
    """Read the link, whose settings are of these config `classes`, and draw the heading of the page.

    `name` is the page's in the address; `keeps` makes room for the button that keeps a run.
    """
    share.read(name, *classes)
    corner = layout.heading(title, sentence)
    return LabPage(name, corner, corner.container(key="keep-here") if keeps else None)

"""The runs of which a leader can make a lesson. They are remembered, because trying the lesson resets its lab."""

import time
from dataclasses import dataclass

import wb_core as wb
from wb_core.lessons import Done, Recheck

from ..i18n import N_
from ..labs.images.lab import ImageLab
from ..labs.line.lab import LinearLab
from ..labs.points.lab import PointsLab
from ..session import state
from ..training import SLICE, training_slot

LABS = {"linear": N_("Linear regression"), "points": N_("Points in the plane"), "images": N_("Images")}
"""The pages whose runs can become lessons."""

SECONDS = 1.0
"""So long a lesson's first settings are tried out."""


@dataclass(frozen=True)
class Source:
    """A trained run, and whether it began with the parameters of a file. `token` is that of its lab."""

    page: str
    token: str
    run: wb.RunRecord
    loaded: bool


class Sources:
    """What was found in the labs of this visit, by page; each until the leader asks for a newer one."""

    def __init__(self) -> None:
        self.known: dict[str, Source] = {}
        self.at_once: tuple[object, bool] = None, False

    def look(self) -> dict[str, Source]:
        """The run of each lab that had one."""
        for page in LABS:
            now = _shown(page) if page not in self.known else None
            if now is not None:
                self.known[page] = now
        return {page: self.known[page] for page in LABS if page in self.known}

    def newer(self, page: str) -> bool:
        """Whether the lab shows another run now."""
        return page in self.known and _token(page) not in ("", self.known[page].token)

    def renew(self, page: str) -> None:
        """Take the run that the lab shows now."""
        if (now := _shown(page)) is not None:
            self.known[page] = now

    def solved_at_once(self, lesson: wb.Lesson) -> bool:
        """Whether training with the first settings solves a lesson; False if that would take long to find out."""
        key = lesson.start, lesson.conditions
        if self.at_once[0] != key:
            recheck, ends = Recheck(lesson, Done(passed=True, attempt=lesson.beginning)), time.monotonic() + SECONDS
            while not recheck.ended and time.monotonic() < ends:
                with training_slot():
                    recheck.advance(SLICE)
            self.at_once = key, recheck.state == "holds"
        return self.at_once[1]


def _token(page: str) -> str:
    """That of the trained run which the lab shows; "" if there is none."""
    if page == "images":
        images = state.existing(ImageLab)
        report = images and images.report
        return images.token if images and report and report.finished and report.rows and report.job.train else ""
    lab = state.existing(LinearLab if page == "linear" else PointsLab)
    return lab.token if lab is not None and lab.run.epoch and not lab.training else ""


def _shown(page: str) -> Source | None:
    token = _token(page)
    if not token:
        return None
    if page == "images":
        images = state.of(ImageLab)
        assert images.report is not None  # noqa: S101
        return Source(page, token, images.report, images.from_file)
    lab = state.of(LinearLab if page == "linear" else PointsLab)
    return Source(page, token, wb.record_of(lab.run), lab.loaded)

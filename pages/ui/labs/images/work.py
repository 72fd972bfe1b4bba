"""Where image runs are trained; they end when their visitors leave."""

import contextlib

import wb_core as wb

from ...session.reaper import JobReaper

WORK = wb.workplace()
REAPER = JobReaper(WORK)


def submit(job: wb.Job) -> str:
    """Begin a job that belongs to the calling session; returns its ticket."""
    ticket = WORK.submit(job)
    keep(ticket)
    return ticket


def cancel(ticket: str) -> None:
    """End a job, if it is still known."""
    with contextlib.suppress(wb.JobError):
        WORK.cancel(ticket)


def keep(ticket: str) -> None:
    """Let a job belong to the calling session, too."""
    REAPER.keep(ticket)

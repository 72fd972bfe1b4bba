"""The workplace of image runs, whose jobs end when their users leave."""

import contextlib

import wb_core as wb

from ...session.reaper import JobReaper

WORK = wb.workplace()
REAPER = JobReaper(WORK)


def submit(job: wb.Job) -> str:
    """Submit a job that belongs to the current session; returns its ticket."""
    ticket = WORK.submit(job)
    keep(ticket)
    return ticket


def cancel(ticket: str) -> None:
    """Cancel a job, if the workplace still knows it."""
    with contextlib.suppress(wb.JobError):
        WORK.cancel(ticket)


def keep(ticket: str) -> None:
    """Add the current session to the owners of a job."""
    REAPER.keep(ticket)

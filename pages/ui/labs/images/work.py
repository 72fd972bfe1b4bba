"""The workplace of image runs, whose jobs end when their users leave."""

import contextlib
import dataclasses

import wb_core as wb

from ...session.reaper import JobReaper, session_id

WORK = wb.workplace()
REAPER = JobReaper(WORK)


def submit(job: wb.Job) -> str:
    """Submit a job that belongs to the current session; returns its ticket."""
    ticket = WORK.submit(dataclasses.replace(job, owner=session_id()))
    keep(ticket)
    return ticket


def cancel(ticket: str) -> None:
    """Cancel a job, if the workplace still knows it."""
    with contextlib.suppress(wb.JobError):
        WORK.cancel(ticket)


def keep(ticket: str) -> None:
    """Add the current session to the owners of a job."""
    REAPER.keep(ticket)

"""Where the server's image runs are trained; who leaves ends theirs."""

import contextlib

import wb_core as wb

from ...session.reaper import JobReaper

WORK = wb.workplace()
REAPER = JobReaper(WORK)


def submit(job: wb.Job) -> str:
    """Begin a job for the session that asks, and give its ticket."""
    ticket = WORK.submit(job)
    keep(ticket)
    return ticket


def cancel(ticket: str) -> None:
    """End a job, if it is still known."""
    with contextlib.suppress(wb.JobError):
        WORK.cancel(ticket)


def keep(ticket: str) -> None:
    """Let the session that asks be the one that a job goes on for."""
    REAPER.keep(ticket)

"""The jobs that a workplace knows: the unfinished ones, and the last finished ones."""

import secrets
from collections import OrderedDict

from .job import Job, Report
from .progress import Record, unknown

MAX_FINISHED = 1000
"""At most this many finished jobs are kept, and fewer if their results take more than MAX_FINISHED_BYTES."""

MAX_FINISHED_BYTES = 500_000_000


class Ledger:
    """A record for each ticket. It has no lock; its owner must hold one."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._finished: OrderedDict[str, int] = OrderedDict()  # tickets, the oldest first, and their sizes in bytes

    def open(self, job: Job) -> str:
        """Open a record and return its ticket, which cannot be guessed."""
        ticket = secrets.token_urlsafe()
        self._records[ticket] = Record(job)
        return ticket

    def record(self, ticket: str) -> Record:
        """The record of a job; `JobError` for a ticket that is unknown or no longer known."""
        if ticket not in self._records:
            raise unknown()
        return self._records[ticket]

    def open_again(self, ticket: str, tries: int) -> Record:
        """Reset the record of a job that starts again from the beginning."""
        self._records[ticket] = Record(self.record(ticket).report.job, tries)
        return self._records[ticket]

    def unfinished(self) -> list[str]:
        """The tickets of the unfinished jobs, the oldest first."""
        return [ticket for ticket, record in self._records.items() if not record.report.finished]

    def finish(self, ticket: str, report: Report) -> None:
        """Store the last report of a job, and forget the oldest finished jobs."""
        self.record(ticket).report = report
        self._finished[ticket] = report.nbytes
        while len(self._finished) > MAX_FINISHED or (
            len(self._finished) > 1 and sum(self._finished.values()) > MAX_FINISHED_BYTES
        ):
            oldest, _ = self._finished.popitem(last=False)
            del self._records[oldest]

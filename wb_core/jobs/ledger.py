"""The jobs that a workplace knows: those that have not ended, and the last ones that have."""

import secrets
from collections import OrderedDict

from .job import Job, Report
from .progress import Record, unknown

KEPT = 1000
"""So many jobs are still known after their end, or fewer, if what they have learned takes more than KEPT_BYTES."""

KEPT_BYTES = 500_000_000


class Ledger:
    """A record for each ticket. It has no lock: whoever keeps it has one."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._finished: OrderedDict[str, int] = OrderedDict()  # tickets, the oldest first, and how large they are

    def open(self, job: Job) -> str:
        """Begin a record, and give its ticket, which nobody can guess."""
        ticket = secrets.token_urlsafe()
        self._records[ticket] = Record(job)
        return ticket

    def record(self, ticket: str) -> Record:
        """The record of a job; `JobError` for a ticket that is not known, or not any more."""
        if ticket not in self._records:
            raise unknown()
        return self._records[ticket]

    def open_again(self, ticket: str, tries: int) -> Record:
        """Begin the record of a job anew, because the job itself begins anew."""
        self._records[ticket] = Record(self.record(ticket).report.job, tries)
        return self._records[ticket]

    def unfinished(self) -> list[str]:
        """The tickets of the jobs that have not ended, the oldest first."""
        return [ticket for ticket, record in self._records.items() if not record.report.finished]

    def finish(self, ticket: str, report: Report) -> None:
        """Write the last report of a job, and forget the oldest ones."""
        self.record(ticket).report = report
        self._finished[ticket] = report.nbytes
        while len(self._finished) > KEPT or (len(self._finished) > 1 and sum(self._finished.values()) > KEPT_BYTES):
            oldest, _ = self._finished.popitem(last=False)
            del self._records[oldest]

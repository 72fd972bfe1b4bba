"""Jobs: trainings that are too long for the server's own process.

job.py       what a job is, what is known of one, and the place where jobs run as three verbs
local.py     such a place: a queue, and so many processes of this machine
record.py    what the server keeps of one job while its messages come in
process.py   how those processes are started, and kept ready
worker.py    the other process: one child for each job, with one thread
message.py   what the two tell each other: plain numbers, checked on arrival
"""

from .job import Job, Report, Rows, State, Workplace
from .local import LocalWorkers

__all__ = ["Job", "LocalWorkers", "Report", "Rows", "State", "Workplace"]

"""Jobs: trainings that are too long for the server's own process.

job.py          what a job is, what is known of one, and the place where jobs run as three verbs
place.py        which of the two such places the environment asks for
local.py        one: a queue, and so many processes of this machine
ray_workers.py  the other: a Ray cluster
ledger.py       the jobs that a place knows
record.py       what the server keeps of one job while its messages come in
training.py     the job as it is done, in both, and the messages that tell how it goes
message.py      messages as bytes: plain numbers, checked on arrival
process.py      how the processes of this machine are started, and kept ready
worker.py       such a process: one child for each job, with one thread
connection.py   the way to a cluster
in_cluster.py   what runs there
"""

from .backend import workplace
from .job import Job, Report, Rows, State, Workplace
from .local import LocalWorkers
from .ray_workers import RayWorkers

__all__ = ["Job", "LocalWorkers", "RayWorkers", "Report", "Rows", "State", "Workplace", "workplace"]

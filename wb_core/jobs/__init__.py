"""Jobs: trainings that are too long for the server's own process.

job.py          a job, its report, and the interface of a workplace
backend.py      picks the workplace that the environment asks for
local.py        a bounded pool of worker processes with a FIFO queue
ray_workers.py  a Ray cluster
ledger.py       the jobs that a workplace knows
progress.py     a job's latest report, updated by each message
training.py     does a job and reports its progress, in both workplaces
message.py      messages as bytes: plain numbers, checked on arrival
process.py      starts worker processes and keeps them ready
worker.py       the worker process: one child for each job, with one thread
connection.py   the connection to a cluster
coordinator.py  runs in the cluster: starts jobs and collects their messages
"""

from .backend import workplace
from .job import Job, Report, Rows, State, Workplace
from .local import LocalWorkers
from .ray_workers import RayWorkers

__all__ = ["Job", "LocalWorkers", "RayWorkers", "Report", "Rows", "State", "Workplace", "workplace"]

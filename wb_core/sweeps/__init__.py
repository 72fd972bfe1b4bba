"""Sweeps: every combination of some settings, trained at once.

axes.py     which settings, which values, and how many runs that makes
batch.py    some hundred or thousand runs as one batched training, with the bits of as many runs of their own
outcome.py  what is kept of each run, and the table of it
pieces.py   the whole, in pieces that can be stopped
jobs.py     a sweep of pictures: a job for each combination, and results as they come
"""

from .axes import AXES, MOST_JOBS, MOST_PICTURES, MOST_RUNS, MOST_STEPS, Axes
from .batched import Sweep, sweep
from .jobs import OUTCOMES, JobSweep
from .results import LimitsOf, SweepResult

__all__ = [
    "AXES",
    "MOST_JOBS",
    "MOST_PICTURES",
    "MOST_RUNS",
    "MOST_STEPS",
    "OUTCOMES",
    "Axes",
    "JobSweep",
    "LimitsOf",
    "Sweep",
    "SweepResult",
    "sweep",
]

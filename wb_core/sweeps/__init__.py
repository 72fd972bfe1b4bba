"""Sweeps: every combination of some settings, trained at once.

axes.py     which settings, which values, and how many runs that makes
batched.py  a sweep whose runs train as batches, in pieces that can be stopped
results.py  what is kept of each such run, and the table
jobs.py     a sweep whose runs are jobs, with results as they come
"""

from .axes import Axes
from .batched import Sweep, sweep
from .jobs import OUTCOMES, JobSweep
from .results import LimitsOf, SweepResult

__all__ = [
    "OUTCOMES",
    "Axes",
    "JobSweep",
    "LimitsOf",
    "Sweep",
    "SweepResult",
    "sweep",
]
